/** The machine as the browser tells of it. */
interface Machine {
	readonly crossOriginIsolated?: boolean;
	readonly navigator?: { readonly hardwareConcurrency?: number };
}

/** More than that brings little more, and each has its stack in the memory of the model. */
const most = 8;

/** How many threads WebAssembly may use: one where the page shares no memory with its workers. */
export function threadCount(machine: Machine = globalThis): number {
	if (machine.crossOriginIsolated !== true) return 1;
	return Math.max(1, Math.min(machine.navigator?.hardwareConcurrency ?? 1, most));
}
