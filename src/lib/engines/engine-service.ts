import type { AdapterMatch } from '../core/adapter-match.ts';
import { AppError } from '../core/errors.ts';
import type { EmbedPurpose, GenerateRequest } from '../core/generation.ts';
import type { ModelId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import { linkedContext } from '../wire/linked-context.ts';
import { sendStream } from '../wire/send-stream.ts';
import { transferring } from '../wire/transferring.ts';
import type { BaseModelEngine } from './base-model-engine.ts';
import type {
	DevicePreference,
	EngineCapabilities,
	LoadRequest,
	ModelFiles,
	Progress
} from './engine-contract.ts';
import type { EngineRegistry } from './engine-registry.ts';
import { noFiles } from './no-files.ts';

interface OpenedModel {
	readonly files: ModelFiles;
	/** One for each adapter that is worked into them. */
	readonly matches: readonly AdapterMatch[];
}

interface Parts {
	readonly registry: EngineRegistry;
	/** The verified files of a model that has files. Errors: `library/not-installed`. */
	readonly openModel: (id: ModelId, spec: ModelSpec) => Promise<ModelFiles>;
	/** The files with those adapters worked in. Errors: `adapter/*`. Absent: no model takes adapters here. */
	readonly adapt?: (
		spec: ModelSpec,
		files: ModelFiles,
		adapters: readonly AdapterUse[],
		signal: AbortSignal
	) => Promise<OpenedModel>;
}

/** Of a load, where it is not the engine's own choice. */
export type LoadOptions = Pick<LoadRequest, 'threads' | 'adapters'>;

/** What came of a call of `embed`. */
export interface EmbedResult {
	readonly vectors: readonly Float32Array[];
	/** Places of the texts that were longer than the model reads, ascending. */
	readonly truncated: readonly number[];
}

/**
 * The worker's side of an `EngineClient`: one engine, chosen by the first `load`. Each `link` is the other end of a
 * `callLink`, each `port` of a `receiveStream`.
 */
export class EngineService {
	readonly #parts: Parts;
	#engine: BaseModelEngine | null = null;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Errors: `engine/unknown`, `adapter/*` and those of `ModelEngine.load`. */
	async load(
		spec: ModelSpec,
		device: DevicePreference,
		link: MessagePort,
		{ threads, adapters = [] }: LoadOptions = {}
	): Promise<EngineCapabilities> {
		const { close, ...context } = linkedContext<Progress>(link);
		try {
			this.#engine ??= await this.#parts.registry.make(spec.engine);
			const { files, matches } = await this.#open(spec, adapters, context.signal);
			await this.#engine.load(
				{
					...{ spec, files, device },
					...(threads && { threads }),
					...(adapters.length > 0 && { adapters })
				},
				context
			);
			const { capabilities } = this.#engine;
			return matches.length > 0 ? { ...capabilities, adapters: matches } : capabilities;
		} finally {
			close();
		}
	}

	/** Streams events into `port`, errors too. Resolves when the stream has ended and never rejects. */
	generate(request: GenerateRequest, port: MessagePort): Promise<void> {
		return sendStream((signal) => this.#loaded().generate(request, { signal }), port);
	}

	/** The vectors are moved, not copied. Progress counts texts. */
	async embed(
		texts: readonly string[],
		purpose: EmbedPurpose,
		link: MessagePort
	): Promise<EmbedResult> {
		const { close, ...context } = linkedContext<Progress>(link);
		let truncated: readonly number[] = [];
		try {
			const vectors = await this.#loaded().embed(texts, {
				...context,
				purpose,
				onTruncated: (places) => (truncated = places)
			});
			const buffers = new Set(vectors.map(({ buffer }) => buffer as ArrayBuffer));
			return transferring({ vectors, truncated }, [...buffers]);
		} finally {
			close();
		}
	}

	async #open(
		spec: ModelSpec,
		adapters: readonly AdapterUse[],
		signal: AbortSignal
	): Promise<OpenedModel> {
		const { openModel, adapt } = this.#parts;
		const files = spec.files.length === 0 ? noFiles : await openModel(spec.id, spec);
		if (adapters.length === 0) return { files, matches: [] };
		if (adapt) return adapt(spec, files, adapters, signal);
		throw new AppError('adapter/engine', {
			details: {
				engine: spec.name,
				reason: 'nothing here works adapters into models',
				instead: 'Switch the adapter off in the Tuner.'
			}
		});
	}

	#loaded(): BaseModelEngine {
		if (!this.#engine) throw new AppError('engine/not-loaded');
		return this.#engine;
	}
}
