import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CrashPoint } from '../testing/crash-point.ts';
import { hashInstantly } from '../testing/instant-hash.ts';
import { deviceFor, fewQuestions, upgradeKinds } from '../testing/upgrade-kinds.ts';
import { UpgradePromises } from '../testing/upgrade-promises.ts';
import { storiesOf, StoryRun } from '../testing/upgrade-story.ts';

/** `npm run test:deep` tries every pair; else every so-manieth first crash, and of the second ones every third. */
const [firstStep, secondStep] = process.env.SAM_DEEP ? [1, 1] : [11, 3];

const stories = [
	'it is kept',
	'it is undone',
	'the user stops in build-index',
	'build-index fails when it has done its work'
];

/** How many of two crashes there were, before the story ended. */
type Survived = 'none' | 'one' | 'both';

let pairs = 0;
beforeAll(hashInstantly);
afterAll(() => {
	vi.restoreAllMocks();
	process.stdout.write(`pairs of crashes: ${pairs} (${stories.length} stories)\n`);
});

test.each(stories)(
	'%s, although it crashes, and crashes again while it goes on',
	{ timeout: 1_800_000 },
	async (name) => {
		const kind = upgradeKinds['the embedding engine alone']!;
		const device = await deviceFor(kind);
		const plan = await device.copy().open().plan(kind.wish, fewQuestions);
		const promises = await UpgradePromises.of(device, kind, plan);
		const story = storiesOf(plan).find((each) => each.name === name)!;
		const crashTwice = async (first: number, second: number): Promise<Survived> => {
			const run = new StoryRun(device, kind, story);
			if (await run.live(CrashPoint.at(first, 'after'))) return 'none';
			if (await run.live(CrashPoint.at(second, 'after'))) return 'one';
			await promises.holdNow(run.world);
			await run.live(CrashPoint.never());
			await promises.holdAtTheEnd(run, story);
			return 'both';
		};
		const before = pairs;
		let survived: Survived = 'both';
		for (let first = 1; survived !== 'none'; first += firstStep) {
			survived = 'both';
			for (let second = 1 + (first % secondStep); survived === 'both'; second += secondStep) {
				survived = await crashTwice(first, second);
				if (survived === 'both') pairs++;
			}
		}
		expect(pairs - before).toBeGreaterThan(20);
	}
);
