import { expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import { listingOf } from '../../testing/listing-of.ts';
import { renamedChoice } from './renamed-choice.ts';

const at = (revision: string) => listingOf('Model', { id: `model@${revision}` as ModelId });
const other = listingOf('Other');

test('what is listed as before stays chosen', () => {
	expect(renamedChoice('model@main', [at('main')], [other, at('main'), at('abc')])).toBe(
		'model@main'
	);
});

test('a model that was frozen is chosen by its new id', () => {
	expect(renamedChoice('model@main', [at('main'), other], [other, at('abc')])).toBe('model@abc');
});

test('an older revision of it is not mistaken for it', () => {
	const before = [at('old'), at('main')];
	expect(renamedChoice('model@main', before, [at('old'), at('abc')])).toBe('model@abc');
});

test('a branch that stands at the installed revision is that revision', () => {
	expect(renamedChoice('model@main', [at('old'), at('main')], [at('old')])).toBe('model@old');
});

test('keep, and a model that is gone, stay', () => {
	expect(renamedChoice('keep', [at('main')], [at('abc')])).toBe('keep');
	expect(renamedChoice('model@main', [at('main')], [other])).toBe('model@main');
	expect(renamedChoice('never@1', [other], [other])).toBe('never@1');
});
