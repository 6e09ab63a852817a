import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { MessageRow, Provenance } from '../lib/chat/chat-records.ts';
import type { ConversationId, MessageId, ModelId } from '../lib/core/ids.ts';
import AnswerFooter from './AnswerFooter.svelte';

async function show(
	change: Partial<MessageRow> = {},
	provenance: Partial<Provenance> = {}
): Promise<void> {
	const engine = {
		...{ engine: 'transformers', model: 'llama@1' as ModelId },
		...{ revision: '1f2e3d', name: 'Llama' }
	};
	const message: MessageRow = {
		...{ id: 'm' as MessageId, conversationId: 'c' as ConversationId, position: 1 },
		...{ role: 'assistant', text: 'So.', at: 0, state: 'complete', error: null, citations: [] },
		provenance: {
			...{ engine, extractive: false, index: null, device: 'wasm', end: 'stop' },
			usage: { promptTokens: 30, completionTokens: 21, firstTokenMs: 500, totalMs: 1500 },
			...provenance
		},
		...change
	};
	await render(AnswerFooter, { message, oncite: () => undefined });
}

describe('AnswerFooter', () => {
	test('names the writer, and tells the rest to those who ask', async () => {
		await show();
		await expect.element(page.getByText('Written by Llama.')).toBeVisible();
		await expect.element(page.getByText('20 tokens/s')).not.toBeVisible();
		await page.getByText('Details').click();
		for (const words of ['20 tokens/s', 'after 0.5 s', 'Transformers.js', '1f2e3d', '21 tokens']) {
			await expect.element(page.getByText(words)).toBeVisible();
		}
	});

	test('says without being asked that a question left this device', async () => {
		await show({}, { device: 'remote' });
		await expect
			.element(page.getByText(/^This answer was written by Llama: .* left this device\.$/))
			.toBeVisible();
	});

	test('says what went wrong on the way, and that an answer was cut', async () => {
		await show(
			{},
			{ mishaps: ['The GPU was lost, so Llama runs on the processor.'], end: 'length' }
		);
		await expect.element(page.getByText(/^The GPU was lost/)).toBeVisible();
		await expect.element(page.getByText('Stopped at the limit of its length.')).toBeVisible();
	});

	test('says why an answer failed, and what to do', async () => {
		const error = {
			code: 'engine/out-of-memory',
			...{ message: 'There was not enough memory.', advice: 'Choose a smaller model.' }
		} as const;
		await show({ state: 'failed', error });
		await expect
			.element(page.getByText('There was not enough memory. Choose a smaller model.'))
			.toBeVisible();
	});

	test('has no details while the answer is being written, nor of an engine that is unknown', async () => {
		await show({ state: 'streaming' });
		expect(page.getByText('Details').elements()).toHaveLength(0);
		await show({ provenance: null, state: 'interrupted' });
		await expect.element(page.getByText(/^Interrupted/)).toBeVisible();
		expect(page.getByText('Details').elements()).toHaveLength(0);
	});
});
