import { pageView } from '../page-view.svelte.ts';
import { TestPrompts } from '../test-prompts.ts';
import { PromptsView } from '../views/prompts-view.svelte.ts';

export const promptsView = pageView(
	({ services: { parts } }) => new PromptsView(new TestPrompts(parts.records, parts.clock))
);
