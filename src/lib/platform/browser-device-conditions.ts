import type { DeviceConditions, DeviceState } from '../ports/device-conditions.ts';

/** From this share of its charge on a battery counts as low. */
const lowLevel = 0.2;
/** A device that nobody has touched for so long is idle, in milliseconds. */
const idleAfterMs = 60_000;

const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

/** What some browsers have: https://www.w3.org/TR/battery-status/ */
export interface BatteryStatus extends Listenable {
	readonly charging: boolean;
	/** 0…1. */
	readonly level: number;
}

/** What some browsers have: https://wicg.github.io/netinfo/ */
export interface LineStatus extends Partial<Listenable> {
	readonly saveData?: boolean;
	readonly type?: string;
}

type Listenable = Pick<EventTarget, 'addEventListener'>;

/** A browser's window, as far as it tells of its device. */
export interface DeviceScope extends Listenable {
	readonly navigator: {
		readonly getBattery?: () => Promise<BatteryStatus>;
		readonly connection?: LineStatus | undefined;
	};
}

/** What the browser tells; what it does not tell speaks against nothing. Listens for as long as the page lives. */
export class BrowserDeviceConditions implements DeviceConditions {
	readonly #line: LineStatus | undefined;
	readonly #monotonic: () => number;
	readonly #listeners = new Set<() => void>();
	#battery: BatteryStatus | null = null;
	#touchedAt: number;

	constructor(
		scope: DeviceScope = globalThis as unknown as DeviceScope,
		monotonic = () => performance.now()
	) {
		this.#line = scope.navigator.connection;
		this.#monotonic = monotonic;
		this.#touchedAt = monotonic();
		for (const type of touches) {
			scope.addEventListener(type, () => this.#touched(), { capture: true, passive: true });
		}
		this.#line?.addEventListener?.('change', () => this.#tell());
		void this.#findBattery(scope);
	}

	now(): DeviceState {
		const battery = this.#battery;
		return {
			charging: battery?.charging ?? null,
			lowBattery: battery !== null && !battery.charging && battery.level <= lowLevel,
			metered: this.#line?.saveData === true || this.#line?.type === 'cellular',
			idleMs: this.#monotonic() - this.#touchedAt
		};
	}

	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	async #findBattery({ navigator }: DeviceScope): Promise<void> {
		try {
			this.#battery = (await navigator.getBattery?.()) ?? null;
		} catch {
			// A page may be forbidden to ask. Then it is as where there is none.
		}
		if (!this.#battery) return;
		for (const type of ['chargingchange', 'levelchange']) {
			this.#battery.addEventListener(type, () => this.#tell());
		}
		this.#tell();
	}

	#touched(): void {
		const wasIdle = this.#monotonic() - this.#touchedAt >= idleAfterMs;
		this.#touchedAt = this.#monotonic();
		if (wasIdle) this.#tell();
	}

	#tell(): void {
		for (const listener of [...this.#listeners]) listener();
	}
}
