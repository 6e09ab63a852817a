/** The machine as the browser tells of it. */
interface Machine {
	readonly crossOriginIsolated?: boolean;
	readonly navigator?: { readonly hardwareConcurrency?: number };
}

const most = 8;

/**
 * How many threads WebAssembly may use: one where the page shares no memory with its workers, else one for every second
 * core that the browser names. Its threads wait for one another by turning in circles: two on two free cores are almost
 * twice as fast as one, but where the page or another engine wants a core too, all of them together are several times
 * slower.
 */
export function threadCount(machine: Machine = globalThis): number {
	if (machine.crossOriginIsolated !== true) return 1;
	const cores = machine.navigator?.hardwareConcurrency ?? 1;
	return Math.max(1, Math.min(Math.floor(cores / 2), most));
}
