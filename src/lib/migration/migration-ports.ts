import type { EngineDevice } from '../core/engine-device.ts';
import type {
	EmbedPurpose,
	GenerateEvent,
	GenerateRequest,
	GroundingPassage
} from '../core/generation.ts';
import type { AdapterId, ModelId } from '../core/ids.ts';
import type { AdapterCheckRow } from '../adapters/adapter-records.ts';
import type { AdapterMatch } from '../core/adapter-match.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { DevicePreference } from '../engines/engine-contract.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';

/** An engine loaded for an upgrade, in a worker of its own, beside the ones in use. */
export interface BenchEngine {
	readonly dims: number | null;
	/** Where it computes. */
	readonly device: EngineDevice;
	/** Of the adapters that it was opened with. */
	readonly adapters?: readonly AdapterMatch[];
	/** `onTruncated` hears which texts, by their places, were longer than the model reads. */
	embed(
		texts: readonly string[],
		purpose: EmbedPurpose,
		signal: AbortSignal,
		onTruncated?: (places: readonly number[]) => void
	): Promise<Float32Array[]>;
	generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
	/** Ends its worker and gives its memory back. Idempotent. */
	close(): Promise<void>;
}

/** What an upgrade needs of engines. */
export interface EngineBench {
	/** `device`, default `auto`: that one or none. The caller closes it. */
	open(
		spec: ModelSpec,
		signal: AbortSignal,
		adapters?: readonly AdapterUse[],
		device?: DevicePreference
	): Promise<BenchEngine>;
	/** Like `open`, to embed many passages: takes more of the device where that is faster. Absent: `open` does. */
	openForMany?(spec: ModelSpec, signal: AbortSignal): Promise<BenchEngine>;
	/** Whether that engine has room in memory beside those in use; `in-turn`: only while they rest. */
	room(spec: ModelSpec): Promise<'beside' | 'in-turn'>;
	/** Ends the engines in use and gives their memory back. They start again when somebody asks for them. */
	rest(): Promise<void>;
}

/** What an upgrade needs of the model library. */
export interface ModelSupply {
	isInstalled(model: ModelId): Promise<boolean>;
	/** Downloads and verifies; goes on where it stopped. Resolves once the model can be loaded. */
	install(
		model: ModelId,
		onProgress: (done: number, total: number) => void,
		signal: AbortSignal
	): Promise<void>;
}

/** What an upgrade needs of the documents and indexes. */
export type IndexWorkshop = Pick<
	KnowledgeApi,
	| 'createIndex'
	| 'indexState'
	| 'missingTexts'
	| 'addVectors'
	| 'retireIndex'
	| 'dropIndex'
	| 'nearest'
	| 'knownItems'
	| 'textPlaces'
	| 'counterparts'
>;

/** A question that the user has asked, and the texts of the passages that its answer cited. */
export interface PastQuestion {
	readonly question: string;
	readonly cited: readonly string[];
}

/** What an upgrade needs of the chats. */
export interface QuestionLog {
	/** Distinct questions that were answered from documents, the newest first. */
	pastQuestions(limit: number): Promise<PastQuestion[]>;
}

/** What an answer to a test prompt stands on: found by the setup in use. */
export interface PassageFinder {
	passagesFor(question: string, signal: AbortSignal): Promise<readonly GroundingPassage[]>;
}

/** What an upgrade needs of the adapters. */
export interface AdapterShelf {
	/**
	 * Those of them whose stored files are not what was added: every byte is read, while nobody writes it. One that has been
	 * removed is none of them.
	 */
	damaged(adapters: readonly AdapterId[], signal: AbortSignal): Promise<readonly AdapterId[]>;
	/**
	 * Loads the model with that adapter, has it answer, and keeps what came of it. An adapter that does not work is a result,
	 * not an error. Errors, of which nothing is kept: those of the model alone; `cancelled`.
	 */
	check(use: AdapterUse, spec: ModelSpec, signal: AbortSignal): Promise<AdapterCheckRow>;
	/** Like `check`, and keeps nothing. */
	trial(use: AdapterUse, spec: ModelSpec, signal: AbortSignal): Promise<AdapterCheckRow>;
}

/** What an upgrade needs to know of the space on this device. */
export interface Room {
	/**
	 * What the browser still grants, in bytes; null where it does not tell. Where `atLeast` bytes do not really fit,
	 * whatever it tells: about as much as does.
	 */
	freeBytes(atLeast?: number): Promise<number | null>;
}
