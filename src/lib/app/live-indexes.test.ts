import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { JournalEvent } from '../migration/journal-entry.ts';
import { journalOf, verified } from '../testing/journal-of.ts';
import { MigrationWorld, models, type Tab } from '../testing/migration-world.ts';
import { liveIndexes } from './live-indexes.ts';

let world: MigrationWorld;
let tab: Tab;
/** Models that are on this device. */
let present: ModelId[];

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	tab = world.open();
	present = [models.old.id, models.new.id];
});

/** The live indexes as `old in use` and `new beside`. */
async function live(): Promise<string[]> {
	const found = await liveIndexes({
		...tab,
		spec: async ({ model, name }) => {
			const spec = [models.old, models.new].find(({ id }) => id === model);
			if (spec && present.includes(model)) return spec;
			throw new AppError('library/not-installed', { details: { model: name } });
		}
	});
	return found.map(({ index, spec, inUse }) => {
		const right = index === (spec === models.old ? world.oldSetup.index : world.newIndex);
		return `${spec.id} ${inUse ? 'in use' : 'beside'}${right ? '' : ', in the wrong index'}`;
	});
}

/** An upgrade whose journal says this. */
async function upgrade(...events: readonly JournalEvent[]): Promise<void> {
	await tab.journal.append(journalOf(world.plan(), ...events));
}

const beforeBuild = ['preflight', 'snapshot', 'download:new', 'canary:embedding', 'canary:chat'];

async function onTrial(): Promise<void> {
	const { from, to, id: planId } = world.plan();
	await tab.setup.startTrial({ from, to, planId, keepUntil: 1000 });
}

test('the index in use is live', async () => {
	expect(await live()).toEqual(['old in use']);
});

test('before the first setup there is none', async () => {
	const read = async () => undefined;
	const spec = async () => models.old;
	expect(await liveIndexes({ setup: { read }, journal: tab.journal, spec })).toEqual([]);
});

test('an index that an upgrade still builds is the upgrade’s own business', async () => {
	await upgrade(...verified(...beforeBuild), { type: 'step-started', step: 'build-index' });
	expect(await live()).toEqual(['old in use']);
});

test('an index that is built and not yet switched to is live beside the one in use', async () => {
	await upgrade(...verified(...beforeBuild, 'build-index'));
	expect(await live()).toEqual(['old in use', 'new beside']);
});

test('no more once the upgrade goes back', async () => {
	await upgrade(...verified(...beforeBuild, 'build-index'), {
		type: 'rollback-requested',
		code: 'migration/stopped',
		message: ''
	});
	expect(await live()).toEqual(['old in use']);
});

test('on trial the new index is in use and the old one is live for Undo, each once', async () => {
	await upgrade(...verified(...beforeBuild, 'build-index', 'compare', 'switch'));
	await onTrial();
	expect(await live()).toEqual(['new in use', 'old beside']);
});

test('an upgrade of the chat engine alone has no other index', async () => {
	const plan = world.plan({ choice: { chat: models.new.id, embedding: null }, newIndexId: null });
	await tab.journal.append(journalOf(plan, ...verified('preflight', 'snapshot')));
	expect(await live()).toEqual(['old in use']);
});

test('an index beside whose model is gone does not hold up the one in use', async () => {
	await onTrial();
	present = [models.new.id];
	expect(await live()).toEqual(['new in use']);
});

test('says so when the model in use is gone', async () => {
	present = [];
	await expect(live()).rejects.toMatchObject({ code: 'library/not-installed' });
});
