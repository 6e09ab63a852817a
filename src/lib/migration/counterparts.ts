import type { IndexId, Sha256 } from '../core/ids.ts';
import type { IndexWorkshop } from './migration-ports.ts';

/** For each passage of one index, the passages of another that count as the same. */
export class Counterparts {
	readonly #of: ReadonlyMap<Sha256, ReadonlySet<Sha256>>;

	constructor(of: ReadonlyMap<Sha256, ReadonlySet<Sha256>>) {
		this.#of = of;
	}

	static async find(
		workshop: Pick<IndexWorkshop, 'counterparts'>,
		from: IndexId,
		to: IndexId,
		textHashes: Iterable<Sha256>
	): Promise<Counterparts> {
		const asked = [...new Set(textHashes)];
		const found = asked.length > 0 ? await workshop.counterparts(from, to, asked) : [];
		return new Counterparts(new Map(asked.map((hash, at) => [hash, new Set(found[at])])));
	}

	/** Empty where the other index has none. */
	of(textHash: Sha256): ReadonlySet<Sha256> {
		return this.#of.get(textHash) ?? new Set();
	}

	/** Whether one of those stands for it. */
	isAmong(textHash: Sha256, others: readonly Sha256[]): boolean {
		const same = this.of(textHash);
		return others.some((other) => same.has(other));
	}
}
