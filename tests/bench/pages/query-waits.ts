import type { OurSide } from './our-side.ts';

/** As many as the app gives to the engine at once when it embeds an index. */
const groupSize = 32;

/**
 * How long each question waits for its vector: first while nothing else runs, then while passages are embedded in
 * groups, one after another, as the app does. Questions come one at a time, at uneven distances.
 */
export async function queryWaits(
	side: OurSide,
	passages: readonly string[],
	questions: readonly string[]
): Promise<{ readonly busy: number[]; readonly idle: number[] }> {
	const ask = async (question: string): Promise<number> => {
		const start = performance.now();
		await side.embed([question], 'query');
		return performance.now() - start;
	};
	const idle: number[] = [];
	for (const question of questions) idle.push(await ask(question));
	const busy: number[] = [];
	const asked = new AbortController();
	const work = embedAgainAndAgain(side, passages, asked.signal);
	for (const [at, question] of questions.entries()) {
		await new Promise((resolve) => setTimeout(resolve, 100 + ((at * 37) % 200)));
		busy.push(await ask(question));
	}
	asked.abort();
	await work;
	return { busy, idle };
}

async function embedAgainAndAgain(
	side: OurSide,
	passages: readonly string[],
	until: AbortSignal
): Promise<void> {
	for (let at = 0; !until.aborted; at = (at + groupSize) % passages.length)
		await side.embed(passages.slice(at, at + groupSize));
}
