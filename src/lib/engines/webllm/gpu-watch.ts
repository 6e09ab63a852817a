import { AppError } from '../../core/errors.ts';

/** The part of a graphics device that is watched; named by hand because WebGPU is missing in many browsers. */
export interface WatchedDevice {
	readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
	popErrorScope(): Promise<GpuFault | null>;
	destroy(): void;
}

interface GpuFault {
	readonly message: string;
}

interface AdapterKind {
	requestDevice: (this: AdapterKind, ...options: unknown[]) => Promise<WatchedDevice>;
}

/**
 * Learns of every graphics device that is taken in this thread from now on, and of its loss, which the runtime only
 * lets be felt: calls fail later, with words about something else. Ends with `end`.
 */
export class GpuWatch {
	readonly #adapters: AdapterKind | undefined;
	readonly #requestDevice: AdapterKind['requestDevice'] | undefined;
	readonly #devices = new Set<WatchedDevice>();
	readonly #listeners = new Set<(loss: AppError) => void>();
	#loss: AppError | null = null;
	#isRefused = false;
	#isOver = false;

	/** `adapters` is what all adapters have in common. */
	constructor(
		adapters: AdapterKind | undefined = (
			globalThis as { GPUAdapter?: { readonly prototype: AdapterKind } }
		).GPUAdapter?.prototype
	) {
		this.#adapters = adapters;
		if (!adapters) return;
		const request = adapters.requestDevice;
		this.#requestDevice = request;
		const watch = (device: WatchedDevice): WatchedDevice => this.#watch(device);
		adapters.requestDevice = async function (this: AdapterKind, ...options: unknown[]) {
			return watch(await request.apply(this, options));
		};
	}

	/** Why the device is gone; null while nothing is known to be. */
	get loss(): AppError | null {
		return this.#loss;
	}

	/**
	 * What `work` gives, or a rejection as soon as the device is gone: work on a lost device may take seconds to fail, or
	 * never end. Errors: `engine/device-lost`, `engine/out-of-memory`, and those of `work`.
	 */
	async unlessLost<T>(work: Promise<T>): Promise<T> {
		const { promise, reject } = Promise.withResolvers<never>();
		const forget = this.onLoss(reject);
		try {
			return await Promise.race([work, promise]);
		} finally {
			forget();
		}
	}

	/** Calls back once, at once where it is gone already, until the returned function is called. */
	onLoss(listener: (loss: AppError) => void): () => void {
		if (this.#loss) listener(this.#loss);
		else this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** What is lost from here on is meant to be. */
	expectLoss(): void {
		this.#isOver = true;
		this.#listeners.clear();
	}

	/** Gives back the devices that nobody has given back: a runtime forgets those of a load that failed. */
	end(): void {
		this.expectLoss();
		const { requestDevice } = this.#adapters ?? {};
		if (this.#adapters && this.#requestDevice && requestDevice !== this.#requestDevice)
			this.#adapters.requestDevice = this.#requestDevice;
		for (const device of this.#devices) device.destroy();
		this.#devices.clear();
	}

	#watch(device: WatchedDevice): WatchedDevice {
		this.#devices.add(device);
		// The runtime asks whether it got a buffer, and destroys the device when it did not.
		const popErrorScope = device.popErrorScope.bind(device);
		device.popErrorScope = async () => {
			const fault = await popErrorScope();
			if (fault && /memory/i.test(`${fault.constructor.name} ${fault.message}`))
				this.#isRefused = true;
			return fault;
		};
		void device.lost.then(({ reason, message }) => this.#lose(`${reason} ${message}`.trim()));
		return device;
	}

	#lose(reason: string): void {
		if (this.#isOver || this.#loss) return;
		const code = this.#isRefused ? 'engine/out-of-memory' : 'engine/device-lost';
		this.#loss = new AppError(code, { details: { reason } });
		for (const listener of this.#listeners) listener(this.#loss);
		this.#listeners.clear();
	}
}
