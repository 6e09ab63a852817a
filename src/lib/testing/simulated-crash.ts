/** What a dead tab's code meets in place of the outside world. Never an `AppError`: no code may handle it. */
export class SimulatedCrash extends Error {
	override readonly name = 'SimulatedCrash';
}

/** True when the error, or one that caused it, is a simulated crash. */
export function isSimulatedCrash(error: unknown): boolean {
	for (let at = error; at instanceof Error; at = at.cause)
		if (at instanceof SimulatedCrash) return true;
	return false;
}
