import type { DeviceConditions, DeviceState } from '../ports/device-conditions.ts';

/** A plugged-in device on a free line that nobody has touched for an hour, until a test says otherwise. */
export class MemoryDeviceConditions implements DeviceConditions {
	readonly #listeners = new Set<() => void>();
	#state: DeviceState = { charging: true, lowBattery: false, metered: false, idleMs: 3_600_000 };

	/** Those who listen now. */
	get listening(): number {
		return this.#listeners.size;
	}

	now(): DeviceState {
		return this.#state;
	}

	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	/** Changes that much of it, and tells those who listen. */
	become(parts: Partial<DeviceState>): void {
		this.pass(parts);
		for (const listener of [...this.#listeners]) listener();
	}

	/** Changes without telling anyone, as time does that passes. */
	pass(parts: Partial<DeviceState>): void {
		this.#state = { ...this.#state, ...parts };
	}
}
