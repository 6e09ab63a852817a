import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StepDefinition } from '../src/lib/migration/define-migration-step.ts';
import type { ModelId } from '../src/lib/core/ids.ts';
import { CrashPoint } from '../src/lib/testing/crash-point.ts';
import { MigrationWorld, models, type Tab } from '../src/lib/testing/migration-world.ts';
import { isSimulatedCrash } from '../src/lib/testing/simulated-crash.ts';
import { compilerComplaints, writeCodeOfPage } from './code-of-page.ts';

interface Notebook {
	read(page: string): Promise<string | undefined>;
	write(page: string, text: string): Promise<void>;
	tear(page: string): Promise<void>;
}

const page = readFileSync(
	join(import.meta.dirname, '../docs/guide/write-a-migration-step.md'),
	'utf8'
);
const file = writeCodeOfPage(page, 'step', 'write-a-migration-step');
const { farewellNote } = (await import(pathToFileURL(file).href)) as {
	farewellNote: (notebook: Notebook) => StepDefinition;
};

let pages: Map<string, string>;
let world: MigrationWorld;
const notebook: Notebook = {
	read: (at) => Promise.resolve(pages.get(at)),
	write: async (at, text) => void pages.set(at, text),
	tear: async (at) => void pages.delete(at)
};

beforeEach(renew);

async function renew(): Promise<void> {
	pages = new Map();
	world = await MigrationWorld.create();
	world.customSteps = [farewellNote(notebook)];
}

/** Starts the upgrade or goes on with it, and ends its trial. */
async function finish({ controller, journal }: Tab, end: 'keep' | 'undo'): Promise<void> {
	const begun = (await journal.all()).length > 0;
	const rest = await (begun ? controller.resumeUnfinished() : controller.start(world.plan()));
	if (rest?.type === 'waiting') await controller[end]();
}

const note = 'OLD answered until it was replaced by NEW.';

describe('The step of the guide', () => {
	test('compiles under the settings of this repository', () => {
		expect(compilerComplaints(file)).toEqual([]);
	}, 60_000);

	test('has nothing to do where the chat engine stays', () => {
		const choice = { chat: null, embedding: models.new.id };
		const ids = (chat: ModelId | null) =>
			world.plan({ choice: { ...choice, chat } }).steps.map(({ id }) => id);
		expect(ids(null)).not.toContain('custom:farewell-note');
		expect(ids(models.new.id)).toContain('custom:farewell-note');
	});

	test.each([
		['keep', [note]],
		['undo', []]
	] as const)(
		'ends the same after a crash at any write, then %s',
		async (end, left) => {
			const crashes = await CrashPoint.exhaust(async (crash) => {
				await renew();
				const first = world.open(crash);
				await finish(first, end).catch((error: unknown) => {
					if (!isSimulatedCrash(error)) throw error;
				});
				first.locks.die();
				crash.revive();
				await finish(world.open(crash), end);
				expect([...pages.values()]).toEqual(left);
			});
			expect(crashes).toBeGreaterThan(20);
		},
		60_000
	);
});
