import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { OnBytes } from '../../library/model-library.ts';
import { listingOf } from '../../testing/listing-of.ts';
import { ExportView } from './export-view.svelte.ts';
import { Notices } from './notices.svelte.ts';

const listing = listingOf('Tiny BERT', { bytes: 100 });
const folder = { name: 'models' } as FileSystemDirectoryHandle;

let exports: ExportView;
let notices: Notices;
/** Ends the write under way. */
let end: PromiseWithResolvers<null>;
let progress: OnBytes;
let writes: number;

beforeEach(() => {
	writes = 0;
	end = Promise.withResolvers();
	notices = new Notices();
	exports = new ExportView({
		notices,
		library: {
			exportTo: async (_model, _folder, onBytes, signal) => {
				writes++;
				progress = onBytes;
				signal.addEventListener('abort', () => end.reject(new AppError('cancelled')));
				await end.promise;
			}
		}
	});
});

test('shows how far it is, and says where the model lies', async () => {
	const done = exports.start(listing, folder);
	expect(exports.running).toEqual({ model: listing.id, done: 0, total: 100 });
	progress(40, 100);
	expect(exports.running?.done).toBe(40);
	end.resolve(null);
	await done;
	expect(exports.running).toBeNull();
	expect(notices.notice).toContain('Tiny BERT is written to “models”');
});

test('writes one model at a time', async () => {
	const first = exports.start(listing, folder);
	await exports.start(listingOf('Other'), folder);
	end.resolve(null);
	await first;
	expect(writes).toBe(1);
});

test('can be stopped, which is no failure', async () => {
	const done = exports.start(listing, folder);
	exports.stop();
	await done;
	expect([exports.running, notices.error, notices.notice]).toEqual([null, null, null]);
});

test('says why it failed, and of which model', async () => {
	const done = exports.start(listing, folder);
	end.reject(new AppError('library/export-failed', { details: { reason: 'the disk is full' } }));
	await done;
	expect(notices.error?.message).toContain('Tiny BERT');
	expect(exports.running).toBeNull();
});
