import { AppError } from '../core/errors.ts';
import type { BenchScript } from './scripted-bench.ts';
import { sessionVector } from './session-model.ts';

/** What goes wrong on the device, as long as it does. */
export class SessionFaults {
	/** Writes that are still to fail. */
	fullFor = 0;
	/** Calls of engines until the device is lost; 0: it is not. */
	lostIn = 0;
	reopened = 0;

	readonly script: BenchScript = {
		before: () => {
			if (this.lostIn > 0 && --this.lostIn === 0) throw new AppError('engine/device-lost');
		},
		vector: sessionVector
	};

	readonly full = (): void => {
		if (this.fullFor <= 0) return;
		this.fullFor--;
		throw new AppError('storage/quota');
	};

	end(): void {
		this.fullFor = 0;
		this.lostIn = 0;
	}
}
