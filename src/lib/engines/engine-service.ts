import { AppError } from '../core/errors.ts';
import type { EmbedPurpose, GenerateRequest } from '../core/generation.ts';
import type { ModelId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { linkedContext } from '../wire/linked-context.ts';
import { sendStream } from '../wire/send-stream.ts';
import { transferring } from '../wire/transferring.ts';
import type { BaseModelEngine } from './base-model-engine.ts';
import type {
	DevicePreference,
	EngineCapabilities,
	ModelFiles,
	Progress
} from './engine-contract.ts';
import type { EngineRegistry } from './engine-registry.ts';
import { noFiles } from './no-files.ts';

interface Parts {
	readonly registry: EngineRegistry;
	/** The verified files of a model that has files. Errors: `library/not-installed`. */
	readonly openModel: (id: ModelId, spec: ModelSpec) => Promise<ModelFiles>;
}

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

	/** Errors: `engine/unknown` and those of `ModelEngine.load`. */
	async load(
		spec: ModelSpec,
		device: DevicePreference,
		link: MessagePort,
		threads?: number
	): Promise<EngineCapabilities> {
		const { close, ...context } = linkedContext<Progress>(link);
		try {
			const { registry, openModel } = this.#parts;
			this.#engine ??= await registry.make(spec.engine);
			const files = spec.files.length === 0 ? noFiles : await openModel(spec.id, spec);
			await this.#engine.load({ spec, files, device, ...(threads && { threads }) }, context);
			return this.#engine.capabilities;
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

	#loaded(): BaseModelEngine {
		if (!this.#engine) throw new AppError('engine/not-loaded');
		return this.#engine;
	}
}
