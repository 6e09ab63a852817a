import type { NamedLayer } from '../named-layer.ts';
import type { GraphNode } from './graph-scan.ts';

/** Number formats in which layers take x and give y. */
export type FloatFormat = 'float32' | 'float16';

/** A layer of a graph that a side branch can be put beside: y = x·W, with whatever follows. */
export interface LinearLayer extends NamedLayer {
	/** The value x. */
	readonly input: string;
	/** The node that gives y as its only result. */
	readonly end: GraphNode;
	readonly format: FloatFormat;
}
