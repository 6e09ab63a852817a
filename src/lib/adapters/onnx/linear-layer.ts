import type { GraphNode } from './graph-scan.ts';

/** Number formats in which layers take x and give y. */
export type FloatFormat = 'float32' | 'float16';

/** A layer of a graph that a side branch can be put beside: y = x·W, with whatever follows. */
export interface LinearLayer {
	/** What the graph calls it, best first; each may be empty of meaning. */
	readonly names: readonly string[];
	/** The value x. */
	readonly input: string;
	/** The node that gives y as its only result. */
	readonly end: GraphNode;
	/** Last size of x. */
	readonly inSize: number;
	/** Last size of y. */
	readonly outSize: number;
	readonly format: FloatFormat;
}
