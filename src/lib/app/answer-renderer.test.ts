import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { ConversationId, DocumentId, MessageId } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import type { Citation, MessageRow } from '../chat/chat-records.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { AnswerRenderer } from './answer-renderer.ts';

/** As much of an element as is written to; remembers each writing. */
class FakeElement {
	readonly writings: string[] = [];

	set innerHTML(html: string) {
		this.writings.push(html);
	}

	set textContent(text: string) {
		this.writings.push(`plain ${text}`);
	}
}

const citation: Citation = {
	n: 1,
	documentId: 'doc' as DocumentId,
	ordinal: 0,
	documentName: 'bees.md',
	headings: [],
	page: null,
	text: ''
};

let clock: ManualClock;
let element: FakeElement;

beforeEach(() => {
	clock = new ManualClock();
	element = new FakeElement();
});

function message(text: string, state: MessageRow['state'] = 'streaming'): MessageRow {
	return {
		id: 'message' as MessageId,
		conversationId: 'chat' as ConversationId,
		position: 1,
		role: 'assistant',
		text,
		at: 0,
		state,
		error: null,
		citations: [],
		provenance: null
	};
}

/** Renders as `<text>`, followed by the addresses of its sources. */
function rendering(load?: () => Promise<never>) {
	let loads = 0;
	const renderer = new AnswerRenderer(clock, async () => {
		loads++;
		await load?.();
		return (text, citations, hrefOf) => `<${text}>${citations.map(hrefOf).join('')}`;
	});
	const show = (row: MessageRow): void =>
		renderer.show(element as unknown as HTMLElement, row, ({ n }) => `#${n}`);
	return { show, loads: () => loads };
}

test('a finished answer is shown at once, with its sources', async () => {
	const { show } = rendering();
	show({ ...message('Fly.', 'complete'), citations: [citation] });
	await nextTask();
	expect(element.writings).toEqual(['<Fly.>#1']);
	expect(clock.sleeping).toBe(0);
});

test('the end of a growing answer is shown at once, not a tenth of a second later', async () => {
	const { show } = rendering();
	show(message('Fl'));
	await nextTask();
	show(message('Fly.', 'complete'));
	await nextTask();
	expect(element.writings).toEqual(['<Fl>', '<Fly.>']);
});

test('a growing answer is written ten times a second at most, and its last text always', async () => {
	const { show } = rendering();
	for (let ms = 0; ms < 1000; ms += 10) {
		show(message(`${ms}`));
		await clock.advance(10);
	}
	show(message('the end', 'complete'));
	await clock.advance(100);
	expect(element.writings.length).toBeLessThanOrEqual(12);
	expect(element.writings.length).toBeGreaterThanOrEqual(10);
	expect(element.writings.at(-1)).toBe('<the end>');
});

test('what comes right after another text waits for its turn', async () => {
	const { show } = rendering();
	show(message('one'));
	await nextTask();
	show(message('one two'));
	show(message('one two three'));
	await clock.advance(99);
	expect(element.writings).toEqual(['<one>']);
	await clock.advance(1);
	expect(element.writings).toEqual(['<one>', '<one two three>']);
});

test('an answer that pauses is not written again, and goes on when it does', async () => {
	const { show } = rendering();
	show(message('one'));
	await clock.advance(1000);
	expect(element.writings).toEqual(['<one>']);
	expect(clock.sleeping).toBe(0);
	show(message('two'));
	await nextTask();
	expect(element.writings).toEqual(['<one>', '<two>']);
});

test('sources that come after the text are shown too', async () => {
	const { show } = rendering();
	show(message('one'));
	await nextTask();
	show({ ...message('one'), citations: [citation] });
	await clock.advance(100);
	expect(element.writings).toEqual(['<one>', '<one>#1']);
});

test('the renderer is loaded once, with the first answer', async () => {
	const { show, loads } = rendering();
	expect(loads()).toBe(0);
	show(message('one', 'complete'));
	element = new FakeElement();
	show(message('two', 'complete'));
	await nextTask();
	expect(loads()).toBe(1);
	expect(element.writings).toEqual(['<two>']);
});

test('without a renderer the answer is plain text, and the next one tries to load it again', async () => {
	let offline = true;
	const { show } = rendering(async () => {
		if (offline) throw new AppError('download/offline');
		return undefined as never;
	});
	show(message('<b>one</b>', 'complete'));
	await nextTask();
	offline = false;
	show(message('two', 'complete'));
	await nextTask();
	expect(element.writings).toEqual(['plain <b>one</b>', '<two>']);
});
