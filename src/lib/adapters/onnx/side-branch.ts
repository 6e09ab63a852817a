import type { LoraModule } from '../lora-module.ts';
import type { NamedLayer } from '../named-layer.ts';
import type { LinearLayer } from './linear-layer.ts';
import type { Placement } from './place-module.ts';

/** What one module adds in one place. */
export interface BranchShare<Layer extends NamedLayer = LinearLayer> {
	readonly module: LoraModule;
	/** Scale times strength. */
	readonly factor: number;
	readonly placement: Placement<Layer>;
}

/** What is put beside one layer: y becomes y + (x·A)·B, with the ranks of all shares side by side. */
export interface SideBranch<Layer extends NamedLayer = LinearLayer> {
	readonly layer: Layer;
	readonly shares: readonly BranchShare<Layer>[];
	/** Of all shares together. */
	readonly rank: number;
}

/** A of a branch, shape [inSize, rank], row by row. */
export function downWeights({ layer, shares, rank }: SideBranch): Float32Array<ArrayBuffer> {
	const weights = new Float32Array(layer.inSize * rank);
	let first = 0;
	for (const { module } of shares) {
		for (let own = 0; own < module.rank; own++) {
			const row = own * module.inSize;
			for (let at = 0; at < module.inSize; at++)
				weights[at * rank + first + own] = module.a[row + at] ?? 0;
		}
		first += module.rank;
	}
	return weights;
}

/** B of a branch, factors included, shape [rank, outSize], row by row; zero where a share does not reach. */
export function upWeights({ layer, shares, rank }: SideBranch): Float32Array<ArrayBuffer> {
	const weights = new Float32Array(rank * layer.outSize);
	let first = 0;
	for (const { module, factor, placement } of shares) {
		for (let own = 0; own < module.rank; own++) {
			const start = (first + own) * layer.outSize + placement.column;
			for (let at = 0; at < placement.rows; at++) {
				const b = module.b[(placement.row + at) * module.rank + own] ?? 0;
				weights[start + at] = b * factor;
			}
		}
		first += module.rank;
	}
	return weights;
}
