import { expect, test } from 'vitest';
import type { EntryId } from '../core/ids.ts';
import { models, plannable } from '../testing/migration-world.ts';
import { licenceToAccept } from './licence-to-accept.ts';

const licence = { entry: 'new' as EntryId, name: 'Gemma Terms of Use', url: 'https://x.test/' };
const { files } = models.new;

test('a downloaded model with terms of its own has a licence to accept', () => {
	expect(licenceToAccept(plannable('new', { files, licence }))).toEqual(licence);
});

test('a free licence, or none that anybody stated, asks for nothing', () => {
	const free = { ...licence, name: 'Apache-2.0' };
	expect(licenceToAccept(plannable('new', { files, licence: free }))).toBeNull();
	expect(licenceToAccept(plannable('new', { files, licence: null }))).toBeNull();
	expect(licenceToAccept(plannable('new', { files }))).toBeNull();
});

test('what is built in or runs on a server needs no acceptance', () => {
	expect(licenceToAccept(plannable('new', { licence }))).toBeNull();
	expect(licenceToAccept(plannable('new', { files, licence, engine: 'remote' }))).toBeNull();
});
