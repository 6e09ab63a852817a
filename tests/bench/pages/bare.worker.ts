import {
	AutoModelForCausalLM,
	AutoTokenizer,
	DynamicCache,
	env,
	pipeline,
	TextStreamer,
	type FeatureExtractionPipeline,
	type PreTrainedModel,
	type PreTrainedTokenizer,
	type Tensor
} from '@huggingface/transformers';
import { ortFiles } from '../../../src/lib/engines/transformers/ort-files.ts';
import {
	bareCache,
	bareHost,
	type BareAnswer,
	type BareModel,
	type BareQuestion
} from './bare-message.ts';

/** The library as its own pages show it, with its own cache; only the build of its runtime is the one that we serve. */
env.allowLocalModels = false;
env.remoteHost = bareHost;
env.remotePathTemplate = '{model}/';
env.cacheKey = bareCache;
env.useBrowserCache = true;
env.useWasmCache = false;
// A file that is not in the cache is one that the model has not.
env.fetch = () => Promise.resolve(new Response(null, { status: 404 }));
if (env.backends.onnx.wasm) {
	env.backends.onnx.wasm.wasmPaths = { ...ortFiles() };
	env.backends.onnx.wasm.numThreads = 1;
}

let chat: { readonly model: PreTrainedModel; readonly tokenizer: PreTrainedTokenizer } | undefined;
let extractor: FeatureExtractionPipeline | undefined;

addEventListener('message', ({ data }: MessageEvent<BareQuestion>) => {
	work(data).then(tell, (error: unknown) => tell({ answer: 'error', message: String(error) }));
});

function tell(answer: BareAnswer): void {
	postMessage(answer);
}

function work(question: BareQuestion): Promise<BareAnswer> {
	switch (question.ask) {
		case 'load':
			return load(question.model);
		case 'chat':
			return write(question);
		case 'embed':
			return embed(question.texts);
	}
}

async function load({ id, task, device, dtype: name }: BareModel): Promise<BareAnswer> {
	const dtype = name as 'fp32';
	if (task === 'embed') {
		extractor = await pipeline('feature-extraction', id, { device, dtype });
	} else {
		const tokenizer = await AutoTokenizer.from_pretrained(id);
		chat = {
			model: await AutoModelForCausalLM.from_pretrained(id, { device, dtype }),
			tokenizer
		};
	}
	return { answer: 'loaded' };
}

async function write({
	messages,
	maxTokens
}: Extract<BareQuestion, { ask: 'chat' }>): Promise<BareAnswer> {
	if (!chat) throw new Error('not loaded');
	const { model, tokenizer } = chat;
	const inputs = tokenizer.apply_chat_template([...messages], {
		add_generation_prompt: true,
		return_dict: true
	}) as Record<string, Tensor>;
	const cache = new DynamicCache();
	let tokens = 0;
	await model.generate({
		...inputs,
		past_key_values: cache,
		max_new_tokens: maxTokens,
		do_sample: false,
		streamer: new TextStreamer(tokenizer, {
			skip_prompt: true,
			callback_function: (text: string) => tell({ answer: 'text', text }),
			token_callback_function: (ids: bigint[]) => (tokens += ids.length)
		})
	});
	await cache.dispose();
	return { answer: 'end', tokens };
}

async function embed(texts: readonly string[]): Promise<BareAnswer> {
	if (!extractor) throw new Error('not loaded');
	const vectors: Float32Array[] = [];
	for (const text of texts) {
		const output = await extractor(text, { pooling: 'mean', normalize: true });
		vectors.push((output.data as Float32Array).slice());
	}
	return { answer: 'vectors', vectors };
}
