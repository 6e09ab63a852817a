/** Features of a text with their weights, ready to be hashed into a vector. */
export class FeatureBag {
	readonly #features = new Map<string, { sum: number; count: number }>();

	add(feature: string, weight: number): void {
		const entry = this.#features.get(feature);
		if (entry) {
			entry.sum += weight;
			entry.count++;
		} else {
			this.#features.set(feature, { sum: weight, count: 1 });
		}
	}

	/**
	 * The features as a vector of length 1, each in one bucket for each of the `hashes`. A word said ten times
	 * weighs little more than one said twice. No features at all give the first unit vector.
	 */
	toVector(dims: number, hashes: number): Float32Array {
		const vector = new Float32Array(dims);
		for (const [feature, { sum, count }] of this.#features) {
			const value = (sum / count) * (1 + Math.log(count));
			for (let seed = 0; seed < hashes; seed++) {
				const hash = hashOf(feature, seed);
				const bucket = (hash >>> 1) % dims;
				vector[bucket] = (vector[bucket] ?? 0) + (hash & 1 ? value : -value);
			}
		}
		return toUnitLength(vector);
	}
}

/** FNV-1a over UTF-16 units, with the bits mixed at the end so that the lowest are as good as any. */
function hashOf(text: string, seed: number): number {
	let hash = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
	for (let at = 0; at < text.length; at++) {
		hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	}
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

function toUnitLength(vector: Float32Array): Float32Array {
	let squares = 0;
	for (const value of vector) squares += value * value;
	if (squares < 1e-12) {
		vector.fill(0);
		vector[0] = 1;
		return vector;
	}
	const length = Math.sqrt(squares);
	return vector.map((value) => value / length);
}
