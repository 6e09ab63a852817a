import { AppError } from '../../core/errors.ts';
import { callLink } from '../../wire/call-link.ts';
import type { RemoteApi } from '../../wire/remote-api.ts';
import type { WorkerHost } from '../../wire/worker-host.ts';
import type { ServerAccess } from './open-ai-server.ts';
import type { ServerFinding, ServerProbe } from './server-probe.ts';

type Host = Pick<WorkerHost<ServerProbe>, 'api' | 'terminate'>;

/**
 * Tries servers from the page. Each time in a fresh worker: which servers it may reach is fixed when it starts.
 * Errors: those of `ServerProbe`, `wire/*`, `cancelled`.
 */
export class ServerProbeClient {
	readonly #spawn: () => Host;

	constructor(spawn: () => Host) {
		this.#spawn = spawn;
	}

	find(access: ServerAccess, signal: AbortSignal): Promise<ServerFinding> {
		return this.#ask(signal, (probe, link) => probe.find(access, link));
	}

	dims(access: ServerAccess, model: string, signal: AbortSignal): Promise<number> {
		return this.#ask(signal, (probe, link) => probe.dims(access, model, link));
	}

	async #ask<T>(
		signal: AbortSignal,
		call: (probe: RemoteApi<ServerProbe>, link: MessagePort) => Promise<T>
	): Promise<T> {
		const host = this.#spawn();
		const { port, release } = callLink(signal);
		const stop = (): void => host.terminate(new AppError('cancelled'));
		signal.addEventListener('abort', stop, { once: true });
		try {
			return await call(await host.api(), port);
		} finally {
			signal.removeEventListener('abort', stop);
			release();
			stop();
		}
	}
}
