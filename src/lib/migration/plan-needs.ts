import type { ModelSpec } from '../core/model-spec.ts';
import { defaultChunker } from '../knowledge/index-spec.ts';
import { estimateDuration } from './estimate.ts';
import type { MigrationPlan, Range } from './plan.ts';
import type { Changes, IndexChange, PlannableModel, UpgradeRequest } from './upgrade-request.ts';

/** Blocks, rows and keys around the bare numbers and letters. */
const storageOverhead = 1.2;
/** Browsers keep a text in one byte a letter where they can, else in two. */
const bytesPerCharacter = 2;

/** Room, work and time that an upgrade takes. */
export function needsOf(request: UpgradeRequest, changes: Changes): MigrationPlan['needs'] {
	const downloadBytes = toDownload(request, changes).reduce((sum, model) => sum + sizeOf(model), 0);
	const { index } = changes;
	if (!index) {
		return { downloadBytes, peakBytes: downloadBytes, texts: 0, seconds: null, measuredAt: null };
	}
	const there = request.indexes.get(index.id);
	const texts = Math.max(0, textsIn(request) - (there ? there.embedded : 0));
	const seconds = secondsFor(texts, request);
	const measuredAt = seconds ? (request.embeddingSpeed?.at ?? null) : null;
	const peakBytes = downloadBytes + indexBytes(request, index, texts);
	return { downloadBytes, peakBytes, texts, seconds, measuredAt };
}

/** Models that the upgrade works with and that are not on this device. */
export function toDownload({ installed }: UpgradeRequest, changes: Changes): PlannableModel[] {
	const wanted = [changes.index?.model, changes.embedding, changes.chat];
	const models = new Set(wanted.filter((model) => model != null));
	return [...models].filter((model) => model.files.length > 0 && !installed.has(model.id));
}

/** Bytes of all its files. */
export function sizeOf(model: ModelSpec): number {
	return model.files.reduce((sum, file) => sum + file.bytes, 0);
}

/** Distinct texts that the index after the upgrade is of. */
export function textsIn({ texts, newTexts }: UpgradeRequest): number {
	return newTexts ?? texts;
}

/** At most: the vectors that are missing and, where texts are cut up anew, the passages. */
function indexBytes(request: UpgradeRequest, { model, spec }: IndexChange, texts: number): number {
	const vectors = texts * (model.embedding?.dims ?? 0) * Float32Array.BYTES_PER_ELEMENT;
	const cutsAnew = spec.chunker.size !== (request.presentIndex?.chunker ?? defaultChunker).size;
	const passages = cutsAnew ? textsIn(request) * spec.chunker.size * bytesPerCharacter : 0;
	return Math.ceil((vectors + passages) * storageOverhead);
}

function secondsFor(texts: number, { embeddingSpeed }: UpgradeRequest): Range | null {
	if (!embeddingSpeed || texts === 0) return null;
	const took = estimateDuration(texts, [{ items: embeddingSpeed.textsPerSecond, ms: 1000 }]);
	return took && { low: took.low / 1000, high: took.high / 1000 };
}
