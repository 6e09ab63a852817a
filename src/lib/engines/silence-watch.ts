import { AppError } from '../core/errors.ts';

/** A silence is slept through in parts: a computer that wakes from standby must not take that time for a silence. */
const parts = 4;

interface Options {
	/** `Clock.sleep`. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** Told once, with `engine/stalled`, when a sign of life has not come in time. */
	readonly onSilence: (error: AppError) => void;
}

/** Notices that an engine has nothing to say any more: it waits for the next sign of life, one at a time. */
export class SilenceWatch {
	readonly #options: Options;
	#waiting = new AbortController();

	constructor(options: Options) {
		this.#options = options;
	}

	/** The next sign must come within that time; the one that was waited for has come. */
	expectWithin(ms: number): void {
		this.stop();
		this.#waiting = new AbortController();
		this.#wait(ms, this.#waiting.signal).catch(() => undefined);
	}

	/** Nothing is waited for any more. */
	stop(): void {
		this.#waiting.abort();
	}

	async #wait(ms: number, signal: AbortSignal): Promise<void> {
		const { sleep, onSilence } = this.#options;
		for (let part = 0; part < parts; part++) await sleep(ms / parts, signal);
		if (!signal.aborted)
			onSilence(new AppError('engine/stalled', { details: { seconds: ms / 1000 } }));
	}
}
