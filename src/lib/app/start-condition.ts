import type { DeviceState } from '../ports/device-conditions.ts';

/** What a scheduled upgrade waits for. */
export type StartCondition = 'idle' | 'night' | 'charging';

/** After so long without a touch, nobody is about to come back in the next moment. */
const idleMs = 5 * 60_000;
const nightBegins = 23;
const nightEnds = 6;

/** Whether it is time. `now` in epoch milliseconds; the night is that of the device's own time zone. */
export function isTimeToStart(
	when: StartCondition,
	{ now, device }: { readonly now: number; readonly device: DeviceState }
): boolean {
	switch (when) {
		case 'idle':
			return device.idleMs >= idleMs;
		case 'night': {
			const hour = new Date(now).getHours();
			return hour >= nightBegins || hour < nightEnds;
		}
		case 'charging':
			return device.charging === true;
	}
}

/** For people, after `It starts`: `at night, between 23:00 and 6:00`. */
export const startConditions: Readonly<Record<StartCondition, string>> = {
	idle: 'when nobody has used this device for 5 minutes',
	night: 'at night, between 23:00 and 6:00',
	charging: 'when this device is charging'
};
