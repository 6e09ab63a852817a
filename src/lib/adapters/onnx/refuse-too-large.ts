import { AppError } from '../../core/errors.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import { blameAdapter } from '../blame-adapter.ts';
import type { BranchShare, SideBranch } from './side-branch.ts';

/** From here on the nearest 16-bit float is infinite. */
const tooLarge = 65_520;

/**
 * Refuses adapters whose numbers a model of 16-bit floats cannot hold: they would become infinite, and its answers
 * nothing. Errors: `adapter/engine`.
 */
export function refuseTooLarge(
	branches: readonly SideBranch[],
	adapters: readonly AppliedAdapter[],
	engine: string
): void {
	for (const { layer, shares } of branches) {
		const share = layer.format === 'float16' ? shares.find(isTooLarge) : undefined;
		if (!share) continue;
		const adapter = adapters.find(({ modules }) => modules.includes(share.module));
		const reason = `its 16-bit numbers cannot hold those of "${adapter?.name ?? ''}" in ${share.module.module}`;
		const instead = 'Lower its strength, or use a 32-bit variant of the same model.';
		const error = new AppError('adapter/engine', { details: { engine, reason, instead } });
		throw adapter ? blameAdapter(error, adapter.id) : error;
	}
}

function isTooLarge({ module: { a, b }, factor }: BranchShare): boolean {
	return (
		a.some((number) => Math.abs(number) >= tooLarge) || largest(b) * Math.abs(factor) >= tooLarge
	);
}

function largest(numbers: Float32Array): number {
	let found = 0;
	for (const number of numbers) found = Math.max(found, Math.abs(number));
	return found;
}
