import type { PreTrainedTokenizer } from '@huggingface/transformers';
import { AppError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/generation.ts';
import { fitMessages } from './fit-messages.ts';
import { plainStops, plainTemplate } from './plain-template.ts';

export interface ChatPromptOptions {
	/** The model's, for messages. */
	readonly name: string;
	/** Beside the tokenizer (`chat_template.jinja`); null where there is none. */
	readonly template: string | null;
}

/** Writes conversations as the prompt that a model has learned, in its tokens. */
export class ChatPrompt {
	readonly #tokenizer: PreTrainedTokenizer;
	readonly #options: ChatPromptOptions;
	readonly #isPlain: boolean;

	constructor(tokenizer: PreTrainedTokenizer, options: ChatPromptOptions) {
		this.#tokenizer = tokenizer;
		this.#options = options;
		this.#isPlain = options.template === null && !tokenizer.chat_template;
	}

	/** What ends an answer besides the model's own mark. */
	get stops(): readonly string[] {
		return this.#isPlain ? plainStops : [];
	}

	/** Ends where the answer begins. Errors: `engine/bad-model` where the template cannot be used. */
	tokens(messages: readonly ChatMessage[]): readonly bigint[] {
		const prompt = this.#write(messages);
		// Templates write the marks of their model themselves; a plain prompt gets what the tokenizer begins texts with.
		const ids = this.#tokenizer.encode(prompt, { add_special_tokens: this.#isPlain });
		return ids.map(BigInt);
	}

	#write(messages: readonly ChatMessage[]): string {
		const template = this.#isPlain ? plainTemplate : this.#options.template;
		try {
			return fitMessages(messages, (form) =>
				this.#tokenizer.apply_chat_template([...form], {
					add_generation_prompt: true,
					tokenize: false,
					...(template === null ? {} : { chat_template: template })
				})
			);
		} catch (error) {
			const words = error instanceof Error ? error.message : String(error);
			const reason = `its chat template says "${words}"`;
			throw new AppError('engine/bad-model', {
				cause: error,
				details: { name: this.#options.name, reason }
			});
		}
	}
}
