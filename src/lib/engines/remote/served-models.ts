import { countIn, type Fields, fieldsOf, listIn, textIn } from './json-fields.ts';
import type { OpenAiServer } from './open-ai-server.ts';
import type { ServedModel } from './remote-server.ts';

/** The models that a server offers, in its order. Errors: those of `OpenAiServer`. */
export async function servedModels(
	server: OpenAiServer,
	signal: AbortSignal
): Promise<ServedModel[]> {
	const answer = await server.get('/models', signal);
	// One without any model says null.
	if (!Array.isArray(answer.data) && answer.data !== null) {
		throw server.badAnswer('it holds no list of models');
	}
	const models = listIn(answer, 'data').map((each) => modelOf(fieldsOf(each)));
	return models.filter(({ model }) => model !== '');
}

function modelOf(fields: Fields): ServedModel {
	return { model: textIn(fields, 'id'), contextTokens: contextOf(fields) };
}

/** vLLM tells it in the model itself, llama.cpp among what it knows of the file, others under names of their own. */
function contextOf(fields: Fields): number | null {
	const meta = fieldsOf(fields.meta);
	const tokens =
		countIn(fields, 'max_model_len', 'loaded_context_length', 'context_length') ??
		countIn(meta, 'n_ctx', 'n_ctx_train') ??
		countIn(fields, 'max_context_length', 'context_window');
	return tokens === undefined || tokens === 0 ? null : tokens;
}
