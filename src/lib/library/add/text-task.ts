import type { Task } from '../../core/model-spec.ts';
import { chatArchitectures } from './chat-architectures.ts';
import { isConfig, readConfig, textIn, textsIn, type Config } from './config-reader.ts';
import { notAModel } from './not-a-model.ts';
import type { RepositoryView } from './repository-view.ts';

/** Only models that were made for search come with one of these. */
const searchFiles = new Set([
	'modules.json',
	'1_Pooling/config.json',
	'config_sentence_transformers.json',
	'sentence_bert_config.json'
]);

const speechTypes =
	/^(whisper|wav2vec2|hubert|unispeech|wavlm|speecht5|vits|musicgen|moonshine|voxtral|ultravox|clap)|speech|_asr$/;

/**
 * What a model in ONNX format is for. Errors: `add/not-a-model` for models of images or speech, for those that neither
 * chat nor embed, and for architectures that the runtime does not know.
 */
export async function textTask(
	view: RepositoryView,
	config: Config
): Promise<{ readonly task: Task; readonly assumptions: readonly string[] }> {
	const medium = await mediumOf(view, config);
	if (medium) throw notAModel(view.title, `it works on ${medium}, and SAM on text alone`);
	const [architecture] = textsIn(config, 'architectures');
	const type = textIn(config, 'model_type');
	const named = architecture ?? type;
	if (named === null) throw notAModel(view.title, 'config.json names no architecture');
	if (config.is_encoder_decoder === true || has(view, /^onnx\/encoder_model/))
		throw notAModel(view.title, `it translates or sums up (${named}); it neither chats nor embeds`);
	if (/For(Sequence|Token|Image)?(Classification|QuestionAnswering|MultipleChoice)$/.test(named))
		throw notAModel(view.title, `it rates or marks texts (${named}) and gives no vectors`);
	if (view.files.some(({ path }) => searchFiles.has(path))) return found('embed');
	const isChat = architecture
		? /(CausalLM|LMHeadModel)$/.test(architecture)
		: chatArchitectures.has(named);
	if (isChat) return chatOrSearch(view, type ?? named);
	if (!architecture)
		return found('embed', `config.json names no task; ${named} models are taken to embed.`);
	if (architecture.endsWith('ForMaskedLM'))
		return found('embed', 'It was made to fill gaps in texts: its vectors may find little.');
	if (architecture.endsWith('Model')) return found('embed');
	throw notAModel(view.title, `the architecture ${architecture} is not supported`);
}

function chatOrSearch(view: RepositoryView, type: string): ReturnType<typeof found> {
	if (/embed/i.test(view.title))
		return found('embed', 'Its name says that it embeds; its configuration does not.');
	if (!chatArchitectures.has(type))
		throw notAModel(view.title, `the architecture ${type} is not supported`);
	return found('generate');
}

function found(
	task: Task,
	...assumptions: string[]
): { readonly task: Task; readonly assumptions: readonly string[] } {
	return { task, assumptions };
}

function has(view: RepositoryView, pattern: RegExp): boolean {
	return view.files.some(({ path }) => pattern.test(path));
}

async function mediumOf(view: RepositoryView, config: Config): Promise<'images' | 'speech' | null> {
	if (isConfig(config.vision_config) || 'image_size' in config) return 'images';
	const type = textIn(config, 'model_type') ?? '';
	if (isConfig(config.audio_config) || speechTypes.test(type)) return 'speech';
	const input = await readConfig(view, 'preprocessor_config.json');
	if (!input) return null;
	return 'sampling_rate' in input ? 'speech' : 'images';
}
