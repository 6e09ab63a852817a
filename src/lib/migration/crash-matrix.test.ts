import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CrashPoint, type CrashSide } from '../testing/crash-point.ts';
import { hashInstantly } from '../testing/instant-hash.ts';
import {
	deviceFor,
	fewQuestions,
	upgradeKinds,
	type UpgradeKind
} from '../testing/upgrade-kinds.ts';
import { storiesOf, StoryRun, type Story } from '../testing/upgrade-story.ts';
import { UpgradePromises } from '../testing/upgrade-promises.ts';

const deep = Boolean(process.env.SAM_DEEP);
/** Of the stories beside the plain one, the short form crashes at every so-manieth write, beginning elsewhere in each. */
const stride = deep ? 1 : 40;

/** All stories of an upgrade of both engines, which has steps of every kind; of the other kinds every fifth, and the first. */
const isTold = (kind: UpgradeKind, at: number): boolean =>
	deep || kind === upgradeKinds['both engines'] || at < 2 || (at + kind.writes) % 5 === 0;

let points = 0;
let told = 0;
beforeAll(hashInstantly);
afterAll(() => {
	vi.restoreAllMocks();
	process.stdout.write(`crash points: ${points} (${told} stories)\n`);
});

/** Lives through the story and dies at the write of that number; then starts again and looks at what came of it. */
async function survive(
	promises: UpgradePromises,
	{ kind, story }: { readonly kind: UpgradeKind; readonly story: Story },
	crash: CrashPoint
): Promise<void> {
	const run = new StoryRun(await deviceFor(kind), kind, story);
	if (await run.live(crash)) throw new Error('it did not crash');
	await promises.holdNow(run.world);
	crash.revive();
	await run.live(CrashPoint.never());
	await promises.holdAtTheEnd(run, story);
	points++;
}

/** Returns how many writes the story has. */
async function writesOf(promises: UpgradePromises, kind: UpgradeKind, story: Story) {
	const counting = CrashPoint.never();
	const run = new StoryRun(await deviceFor(kind), kind, story);
	await run.live(counting);
	await promises.holdNow(run.world);
	await promises.holdAtTheEnd(run, story);
	told++;
	return counting.effects;
}

/** What is on disk before a write is what was there after the one before it: one side leaves no gap. */
const sides: readonly CrashSide[] = deep ? ['before', 'after'] : ['after'];

describe.each(Object.entries(upgradeKinds))('%s', (name, kind) => {
	test('ends as it would have, after a crash at any write', { timeout: 1_800_000 }, async () => {
		const device = await deviceFor(kind);
		const world = device.copy({ ...(kind.customSteps && { customSteps: kind.customSteps }) });
		const plan = await world.open().plan(kind.wish, fewQuestions);
		const promises = await UpgradePromises.of(device, kind, plan);
		for (const [at, story] of storiesOf(plan).entries()) {
			if (!isTold(kind, at)) continue;
			try {
				const writes = await writesOf(promises, kind, story);
				if (story.trial === 'keep' && !story.fault)
					expect(writes).toBeGreaterThanOrEqual(kind.writes);
				const every = at === 0 ? 1 : stride;
				for (let n = 1 + ((at * 7) % every); n <= writes; n += every)
					for (const side of sides)
						await survive(promises, { kind, story }, CrashPoint.at(n, side));
			} catch (error) {
				throw new Error(`${name}: ${story.name}`, { cause: error });
			}
		}
	});
});
