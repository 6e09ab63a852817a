import { commands } from 'vitest/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GenerateEvent, GenerateRequest } from '../../src/lib/core/generation.ts';
import type { ModelSpec } from '../../src/lib/core/model-spec.ts';
import type { ModelFiles } from '../../src/lib/engines/engine-contract.ts';
import { TransformersEngine } from '../../src/lib/engines/transformers/transformers-engine.ts';

declare module 'vitest/browser' {
	interface BrowserCommands {
		realModel: () => Promise<ModelSpec | null>;
	}
}

const { signal } = new AbortController();
const spec = await commands.realModel();
if (!spec) console.log('Skipped: TRANSFORMERS_TEST_MODEL names no folder with a model.');

/** Shown, not asserted: how long things take is the machine's affair. */
function show(what: string, value: string | number): void {
	console.log(`${what}: ${typeof value === 'number' ? Math.round(value * 1000) / 1000 : value}`);
}

/** The files of the model, as they come from the disk. */
function filesOf(model: ModelSpec): ModelFiles {
	return {
		paths: model.files.map(({ path }) => path),
		open: async (path) => {
			const file = model.files.find((each) => each.path === path);
			if (!file) return undefined;
			const { ok, status, body } = await fetch(file.url);
			if (!ok || !body) throw new Error(`${file.url} gave ${status}.`);
			return { bytes: file.bytes, body };
		}
	};
}

describe.skipIf(!spec)('a real model', () => {
	const model = spec ?? ({ tasks: [] } as unknown as ModelSpec);
	const engine = new TransformersEngine();

	beforeAll(async () => {
		const start = performance.now();
		await engine.load({ spec: model, files: filesOf(model), device: 'auto' }, { signal });
		show('Model', `${model.name}, ${model.dtype}, on ${engine.capabilities.device}`);
		show('Loaded, seconds', (performance.now() - start) / 1000);
	});
	afterAll(() => engine.unload());

	async function ask(messages: GenerateRequest['messages']) {
		const request = {
			question: '',
			messages,
			passages: [],
			maxTokens: 64,
			temperature: 0,
			seed: 1
		};
		const events = await Array.fromAsync(engine.generate(request, { signal }));
		const said = (type: GenerateEvent['type']): string =>
			events
				.map((event) => (event.type === type && event.type !== 'end' ? event.text : ''))
				.join('');
		const end = events.at(-1);
		if (end?.type !== 'end') throw new Error('The answer has no end.');
		const { firstTokenMs, totalMs, completionTokens } = end.usage;
		show('First token, ms', firstTokenMs);
		show('Tokens a second', (completionTokens - 1) / ((totalMs - firstTokenMs) / 1000));
		return { text: said('text-delta'), reasoning: said('reasoning-delta'), usage: end.usage };
	}

	test.skipIf(!model.tasks.includes('generate'))('answers, and reads a talk once', async () => {
		const question = { role: 'user', content: 'Name three colours. Answer briefly.' } as const;
		const first = await ask([{ role: 'system', content: 'You are helpful.' }, question]);
		if (first.reasoning !== '') show('Reasoning', first.reasoning);
		show('Answer', first.text);
		expect(first.text + first.reasoning).not.toBe('');
		expect(first.text).not.toMatch(/<\|.*\|>|\ufffd/);
		const second = await ask([
			{ role: 'system', content: 'You are helpful.' },
			...[question, { role: 'assistant', content: first.text } as const],
			{ role: 'user', content: 'And three animals?' }
		]);
		show('Second answer', second.text);
		show('Known of its prompt', `${second.usage.cachedTokens} of ${second.usage.promptTokens}`);
		// A model that reasons is not sent its reasoning again: then only the first question is known.
		expect(second.usage.cachedTokens).toBeGreaterThan(0);
	});

	test.skipIf(!model.tasks.includes('embed'))('puts what belongs together together', async () => {
		const passages = [
			'The kettle comes with a warranty of two years.',
			'Penguins live in the south and eat fish.'
		];
		const [question] = await engine.embed(['What do penguins eat?'], { signal, purpose: 'query' });
		const vectors = await engine.embed(passages, { signal, purpose: 'passage' });
		const [kettle = 0, penguins = 0] = vectors.map((vector) =>
			vector.reduce((sum, value, at) => sum + value * (question?.[at] ?? 0), 0)
		);
		show('Near', penguins);
		show('Far', kettle);
		expect(penguins).toBeGreaterThan(kettle);
	});
});
