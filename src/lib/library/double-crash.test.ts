import { expect, test } from 'vitest';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { bytesOf, fileBody, idIn, LibraryWorld, neverAborted } from '../testing/library-world.ts';
import { downloadStore, wantedStore } from './library-api.ts';
import type { ModelLibraryManager } from './model-library-manager.ts';

const alpha = idIn('alpha');
const weights = fileBody(10_000, 1);
const tokenizer = fileBody(5000, 2);
const hashers = new Sha256HasherFactory();
const quiet = (): void => undefined;

const install = (library: ModelLibraryManager) => library.install(alpha, quiet, neverAborted());

/** What a person does next in each tab, until it is done. */
const stories = [
	{ what: 'a download', prepare: () => Promise.resolve(), act: install },
	{
		what: 'the repair of what the browser has cleared',
		prepare: async (world: LibraryWorld) => {
			await install(world.tab());
			for (const file of world.catalog[0]!.files) await world.blobs.delete(`${file.sha256}/1`);
		},
		act: async (library: ModelLibraryManager) => {
			await library.audit();
			await install(library);
		}
	},
	{
		what: 'the repair of what the disk has changed',
		prepare: async (world: LibraryWorld) => {
			await install(world.tab());
			world.blobs.corrupt(`${world.catalog[0]!.files[0]!.sha256}/0`, (body) => body.fill(7, 3, 4));
		},
		act: async (library: ModelLibraryManager) => {
			if (await library.isInstalled(alpha)) await library.verify(alpha, quiet, neverAborted());
			else await install(library);
		}
	},
	{
		what: 'a deletion that is thought better of',
		prepare: (world: LibraryWorld) => install(world.tab()),
		act: async (library: ModelLibraryManager) => {
			await library.remove(alpha, []);
			await library.collectOrphans();
			await install(library);
		}
	}
];

test.each(stories)(
	'$what survives a crash, and another one while it goes on',
	async (story) => {
		let pairs = 0;
		let firstHit = true;
		for (let first = 1; firstHit; first++) {
			firstHit = false;
			let secondHit = true;
			for (let second = 1; secondHit; second++) {
				const world = new LibraryWorld(hashers);
				await world.publish('alpha', { 'weights.bin': weights, 'tokenizer.json': tokenizer });
				await story.prepare(world);
				const crashes = [CrashPoint.at(first), CrashPoint.at(second, 'after')];
				for (const crash of crashes) {
					const locks = world.locks.anotherTab();
					await story.act(world.tab(crash, locks)).catch(quiet);
					locks.die();
				}
				const [one, two] = crashes.map(({ crashed }) => crashed);
				firstHit ||= one === true;
				secondHit = two === true;
				if (one && two) pairs++;

				const last = world.tab();
				await story.act(last);
				const files = await last.store.files(alpha);
				expect(await bytesOf((await files.open('weights.bin'))!.body)).toEqual(weights);
				expect(await bytesOf((await files.open('tokenizer.json'))!.body)).toEqual(tokenizer);
				expect(await last.collectOrphans()).toBe(0);
				expect(await world.records.count(downloadStore)).toBe(0);
				expect(await world.records.count(wantedStore)).toBe(0);
			}
		}
		expect(pairs).toBeGreaterThan(40);
	},
	60_000
);
