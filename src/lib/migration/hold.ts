import { throwIfAborted } from '../core/abort.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceConditions, DeviceState } from '../ports/device-conditions.ts';
import type { StepRun } from './migration-step.ts';
import type { Speed } from './plan.ts';

/** How patient a piece of work is: whether it waits, and who hears why. */
export interface Patience {
	readonly signal: AbortSignal;
	/** Once aborted, nothing is waited for any more. */
	readonly urged: AbortSignal;
	/** Whether a low battery and a metered line count. */
	readonly considerate: boolean;
	speed(): Speed;
	holding(reason: string | null): void;
}

export interface HoldDeps {
	readonly clock: Clock;
	/** Where nothing is told of the device, nothing speaks against going on. */
	readonly conditions?: DeviceConditions;
}

/** A whole sentence for people; null where nothing speaks against going on. */
export type Reason = (state: DeviceState, patience: Patience) => string | null;

/** So long nobody may have touched a device that counts as idle, in milliseconds. */
const idleAfterMs = 60_000;
/** Time passes untold: it is looked at this often, in milliseconds. */
const lookEveryMs = 1000;

export const againstComputing: Reason = ({ lowBattery, idleMs }, patience) => {
	if (patience.considerate && lowBattery) return 'Waiting for power: the battery is low.';
	if (patience.speed() === 'when-idle' && idleMs < idleAfterMs) {
		return 'Waiting until nobody has used this device for a minute.';
	}
	return null;
};

export const againstDownloading: Reason = ({ metered }, { considerate }) =>
	considerate && metered ? 'Waiting for a connection that is not metered.' : null;

export function patienceOf(run: StepRun): Patience {
	const { signal, urged, plan } = run;
	return {
		...{ signal, urged, considerate: plan.options.considerate ?? false },
		speed: () => run.speed(),
		holding: (reason) => run.holding(reason)
	};
}

/** Of work that nothing may hold up. */
export function impatient(signal: AbortSignal): Patience {
	return {
		...{ signal, urged: AbortSignal.abort(), considerate: false },
		speed: () => 'full',
		holding: () => undefined
	};
}

/**
 * Resolves when nothing speaks against going on, or the user does not care. `beforeWaiting` is called once, if it has to
 * wait. Errors: `cancelled` as soon as the signal aborts.
 */
export async function hold(
	{ conditions, clock }: HoldDeps,
	patience: Patience,
	reason: Reason,
	beforeWaiting: () => Promise<void> = () => Promise.resolve()
): Promise<void> {
	throwIfAborted(patience.signal);
	if (!conditions) return;
	const now = (): string | null =>
		patience.urged.aborted ? null : reason(conditions.now(), patience);
	let why = now();
	if (why === null) return;
	try {
		await beforeWaiting();
		while (why !== null) {
			patience.holding(why);
			await nextLook(clock, conditions, patience);
			why = now();
		}
	} finally {
		patience.holding(null);
	}
}

async function nextLook(
	clock: Clock,
	conditions: DeviceConditions,
	{ signal, urged }: Patience
): Promise<void> {
	const woken = new AbortController();
	const wake = (): void => woken.abort();
	const stop = conditions.onChange(wake);
	urged.addEventListener('abort', wake);
	try {
		await clock.sleep(lookEveryMs, AbortSignal.any([signal, woken.signal]));
	} catch (error) {
		if (!woken.signal.aborted || signal.aborted) throw error;
	} finally {
		stop();
		urged.removeEventListener('abort', wake);
	}
}
