import type { TestPrompt } from '../../migration/plan.ts';
import type { ShownError } from '../shown-error.ts';
import type { TestPrompts } from '../test-prompts.ts';
import { LastFailure } from './last-failure.svelte.ts';

/** The prompts that the user tries chat engines with. */
export class PromptsView {
	readonly #prompts: TestPrompts;
	#list = $state.raw<readonly TestPrompt[]>([]);
	readonly #failure = new LastFailure();

	constructor(prompts: TestPrompts) {
		this.#prompts = prompts;
	}

	/** In the order in which they are asked. */
	get list(): readonly TestPrompt[] {
		return this.#list;
	}

	/** Why the last wish was not fulfilled; null when it was. */
	get error(): ShownError | null {
		return this.#failure.error;
	}

	refresh = (): Promise<void> => this.#change(() => Promise.resolve());
	add = (text: string): Promise<void> => this.#change(() => this.#prompts.add(text));
	edit = (id: string, text: string): Promise<void> =>
		this.#change(() => this.#prompts.edit(id, text));
	remove = (id: string): Promise<void> => this.#change(() => this.#prompts.remove(id));
	restoreDefaults = (): Promise<void> => this.#change(() => this.#prompts.restoreDefaults());

	#change(wish: () => Promise<void>): Promise<void> {
		return this.#failure.of(async () => {
			await wish();
			this.#list = await this.#prompts.list();
		});
	}
}
