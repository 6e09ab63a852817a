import type { ChatMessage } from '../../../src/lib/core/generation.ts';
import type { Bench } from '../bench.ts';
import { smallLlama } from '../bench-models.ts';
import { EngineWorld } from '../engine-world.ts';
import { question } from '../engine-words.ts';
import type { ChatRun } from '../pages/engine-side.ts';
import { spread } from '../statistics.ts';

const rounds = 6;
const promptCharacters = 1000;
const answerTokens = 16;

export const engineTurns: Bench = {
	name: 'engine-turns',
	title:
		'First text of the second turn of a chat, against the same prompt for an engine that has not read it',
	async run(site) {
		const model = smallLlama();
		const world = await EngineWorld.start(site, [model]);
		try {
			const runs = { first: [] as ChatRun[], second: [] as ChatRun[], fresh: [] as ChatRun[] };
			const page = await world.open();
			const chat = (name: string, messages: readonly ChatMessage[]): Promise<ChatRun> =>
				page.evaluate(([as, it, tokens]) => window.bench.engines.chat(as, it, tokens), [
					name,
					messages,
					answerTokens
				] as const);
			const close = (name: string): Promise<void> =>
				page.evaluate((as) => window.bench.engines.close(as), name);
			for (let round = 0; round < rounds; round++) {
				const asked = question(round, promptCharacters);
				await world.start(page, 'chatting', model);
				const first = await chat('chatting', asked);
				const answer: ChatMessage = { role: 'assistant', content: first.text };
				const goingOn = [...asked, answer, ...question(round, 60)];
				const second = await chat('chatting', goingOn);
				await close('chatting');
				await world.start(page, 'fresh', model);
				const fresh = await chat('fresh', goingOn);
				await close('fresh');
				if (fresh.text !== second.text) throw new Error('What was kept changed the answer.');
				runs.first.push(first);
				runs.second.push(second);
				runs.fresh.push(fresh);
			}
			return {
				columns: ['turn', 'tokens of the prompt', 'of these read', 'first text, ms', '÷ fresh'],
				rows: [
					row('first, a long prompt', runs.first, runs.fresh),
					row('second, of the same chat', runs.second, runs.fresh),
					row('the same, for a fresh engine', runs.fresh, runs.fresh)
				]
			};
		} finally {
			await world.browser.close();
		}
	}
};

function row(name: string, runs: readonly ChatRun[], fresh: readonly ChatRun[]): string[] {
	const promptTokens = runs[0]?.promptTokens ?? null;
	const cachedTokens = runs[0]?.cachedTokens ?? null;
	const read = promptTokens === null || cachedTokens === null ? null : promptTokens - cachedTokens;
	const times = runs.map(({ firstMs }) => firstMs);
	const ratios = times.map((time, i) => time / (fresh[i]?.firstMs ?? Number.NaN));
	return [
		...[name, String(promptTokens ?? '?'), String(read ?? 'not told')],
		...[spread(times, 0), spread(ratios, 3)]
	];
}
