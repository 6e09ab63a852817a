import { describe, expect, test } from 'vitest';
import type { GenerateRequest } from '../../core/generation.ts';
import { describeModelEngine } from '../../testing/contracts/model-engine.ts';
import { noFiles } from '../no-files.ts';
import { StarterEngine } from './starter-engine.ts';
import { starterModels } from './starter-models.ts';

for (const spec of starterModels) {
	describeModelEngine(spec.name, async () => ({
		engine: new StarterEngine(),
		request: { spec, files: noFiles, device: 'auto' }
	}));
}

const { signal } = new AbortController();

function requestFor(question: string): GenerateRequest {
	return {
		question,
		messages: [{ role: 'user', content: question }],
		passages: [{ n: 3, title: 'Terms', text: 'Returned goods are refunded within fourteen days.' }],
		maxTokens: 200,
		temperature: 0,
		seed: null
	};
}

async function loaded(at: number): Promise<StarterEngine> {
	const engine = new StarterEngine();
	await engine.load({ spec: starterModels[at]!, files: noFiles, device: 'auto' }, { signal });
	return engine;
}

describe('StarterEngine', () => {
	test('says of itself that it only quotes', () => {
		expect(new StarterEngine().info).toEqual({
			kind: 'starter',
			name: 'Starter',
			extractive: true
		});
	});

	test('its two models are two vector spaces', async () => {
		expect((await loaded(0)).capabilities.embeddingDims).toBe(256);
		expect((await loaded(1)).capabilities.embeddingDims).toBe(512);
	});

	test('streams the quoting answer a few words at a time', async () => {
		const engine = await loaded(1);
		const events = await Array.fromAsync(
			engine.generate(requestFor('When are returns refunded?'), { signal })
		);
		const deltas = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
		expect(deltas.length).toBeGreaterThan(2);
		expect(deltas.join('')).toBe(
			'From your documents:\n\nReturned goods are refunded within fourteen days. [3]'
		);
	});

	test('refuses a model whose size is not its own', async () => {
		const engine = new StarterEngine();
		const spec = { ...starterModels[0]!, embedding: starterModels[1]!.embedding };
		await expect(
			engine.load({ spec, files: noFiles, device: 'auto' }, { signal })
		).rejects.toMatchObject({ code: 'engine/load-failed' });
	});
});
