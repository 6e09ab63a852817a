import type { ChatMessage } from '../../core/generation.ts';

/** Writes messages as a prompt; throws where the template cannot. */
export type RenderPrompt = (messages: readonly ChatMessage[]) => string;

/**
 * The prompt of these messages, in a form that the template takes: as they are; else with what the system says before
 * the first question; else besides with consecutive messages of one role as one, beginning with a question. Some
 * templates refuse other forms, and some leave a system message out without a word. Throws what the template throws
 * where no form helps.
 */
export function fitMessages(messages: readonly ChatMessage[], render: RenderPrompt): string {
	const folded = foldSystem(messages);
	const forms = [messages, folded, alternating(folded)];
	let failure: unknown = new Error('There are no messages.');
	for (const form of forms) {
		try {
			const prompt = render(form);
			if (isWhole(messages, prompt)) return prompt;
			failure = new Error('The chat template leaves the system message out.');
		} catch (error) {
			failure = error;
		}
	}
	throw failure;
}

/** Templates trim what they are given. */
function isWhole(messages: readonly ChatMessage[], prompt: string): boolean {
	return messages.every(
		({ role, content }) => role !== 'system' || prompt.includes(content.trim())
	);
}

function foldSystem(messages: readonly ChatMessage[]): ChatMessage[] {
	const system = messages.filter(({ role }) => role === 'system');
	const rest = messages.filter(({ role }) => role !== 'system');
	const [first] = system;
	if (!first) return rest;
	const at = rest.findIndex(({ role }) => role === 'user');
	const contents = [...system, ...(at === -1 ? [] : [rest[at] ?? first])].map(
		({ content }) => content
	);
	return rest.toSpliced(Math.max(at, 0), at === -1 ? 0 : 1, {
		role: 'user',
		content: contents.join('\n\n')
	});
}

/** What is said before the first question answers nothing that the model can see. */
function alternating(messages: readonly ChatMessage[]): ChatMessage[] {
	const made: ChatMessage[] = [];
	for (const message of messages) {
		const last = made.at(-1);
		if (!last && message.role !== 'user') continue;
		if (last?.role !== message.role) made.push(message);
		else made[made.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` };
	}
	return made;
}
