import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { seededRandom } from '../knowledge/seeded-random.ts';
import { hashInstantly } from '../testing/instant-hash.ts';
import { randomActions, type Action } from '../testing/random-actions.ts';
import { RandomSession, sessionDevice } from '../testing/random-session.ts';

const only = process.env.SAM_SEED;
const sequences = process.env.SAM_DEEP ? 5000 : 300;
const actionsEach = 25;

/** The same ids in every run, so that a seed replays to the letter; others than those of the device. */
function countedIds(series: number): void {
	const random = seededRandom(series);
	const digits = (count: number): string =>
		Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');
	vi.spyOn(crypto, 'randomUUID').mockImplementation(
		() => `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`
	);
}

beforeEach(hashInstantly);
afterEach(() => vi.restoreAllMocks());

const device = await (async () => {
	hashInstantly();
	countedIds(1);
	return sessionDevice();
})();

const ended = { committed: 0, 'rolled-back': 0 };

async function failureOf(actions: readonly Action[]): Promise<Error | null> {
	countedIds(2);
	try {
		const outcomes = await RandomSession.live(device, actions);
		ended.committed += outcomes.committed;
		ended['rolled-back'] += outcomes['rolled-back'];
		return null;
	} catch (error) {
		return error as Error;
	}
}

/** The fewest of these actions that still fail, as far as leaving one out at a time shows. */
async function shrunk(actions: readonly Action[]): Promise<readonly Action[]> {
	let fewest = actions;
	for (let at = fewest.length - 1; at >= 0; at--) {
		const fewer = fewest.filter((_, index) => index !== at);
		if (await failureOf(fewer)) fewest = fewer;
	}
	return fewest;
}

async function report(seed: number, actions: readonly Action[], failure: Error): Promise<string> {
	const fewest = await shrunk(actions);
	const last = (await failureOf(fewest)) ?? failure;
	return [
		`SAM_SEED=${seed} npx vitest run --project node src/lib/migration/random-upgrades.test.ts`,
		`${fewest.length} of ${actions.length} actions are enough:`,
		...fewest.map((action) => `  ${JSON.stringify(action)}`),
		last.message
	].join('\n');
}

const seeds = only ? [Number(only)] : Array.from({ length: sequences }, (_, at) => at + 1);

test(
	'whatever happens in whatever order, nothing is lost, and the setup is the old one or the new one',
	{ timeout: 3_600_000 },
	async () => {
		let lived = 0;
		for (const seed of seeds) {
			const actions = randomActions(seed, actionsEach);
			const failure = await failureOf(actions);
			if (failure) throw new Error(await report(seed, actions, failure), { cause: failure });
			lived += actions.length;
		}
		process.stdout.write(
			`random upgrades: ${seeds.length} sequences, ${lived} actions, ${ended.committed} upgrades kept, ${ended['rolled-back']} undone\n`
		);
		// Else most of the sequences would be about nothing.
		const most = only ? 0 : seeds.length / 3;
		expect(ended.committed).toBeGreaterThanOrEqual(most);
		expect(ended['rolled-back']).toBeGreaterThanOrEqual(most);
	}
);
