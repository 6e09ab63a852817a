import { expose, type Endpoint } from 'comlink';
import { encodeError, installErrorCodec } from './error-codec.ts';
import { installPortCodec } from './port-codec.ts';
import type { ServiceMessage } from './service-message.ts';

/** Offers a worker's service to the `WorkerHost` that spawned it. If building it fails, the host hears why. */
export async function exposeService(
	service: object | Promise<object>,
	endpoint: Endpoint = globalThis as unknown as Endpoint
): Promise<void> {
	installErrorCodec();
	installPortCodec();
	const tell = (message: ServiceMessage): void => endpoint.postMessage(message);
	try {
		expose(await service, endpoint);
		tell({ wire: 'ready' });
	} catch (error) {
		tell({ wire: 'failed', error: encodeError(error) });
	}
}
