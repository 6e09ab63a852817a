import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pairsOf } from '../src/lib/chat/preferences/preference-pairs.ts';
import { trlLines } from '../src/lib/chat/preferences/trl-export.ts';
import { parseCatalog } from '../src/lib/library/catalog/parse-catalog.ts';
import { preferenceRow } from '../src/lib/testing/judged-answers.ts';

function read(path: string): string {
	return readFileSync(join(import.meta.dirname, '..', path), 'utf8');
}

const guide = read('docs/guide/from-preferences-to-an-adapter.md');
const trainable = parseCatalog(JSON.parse(read('static/catalog.json'))).filter(
	({ tasks, files, modelLibrary }) =>
		tasks.includes('generate') && files.length > 0 && !modelLibrary
);

describe('the guide from preferences to an adapter', () => {
	test('shows a line as it is exported', () => {
		const pairs = pairsOf([
			preferenceRow('a', {
				prompt: [{ role: 'user', content: 'What do bees eat?' }],
				...{ chosen: 'Nectar.', rejected: 'Honey.' }
			})
		]);
		const options = { form: 'conversational', passages: false, metadata: false } as const;
		expect(guide).toContain(trlLines(pairs, options).join('').trim());
	});

	test.each(trainable.map((entry) => [entry.name, entry] as const))(
		'names the base model of %s',
		(name, { source }) => {
			const base = source?.repository.split('/')[1]?.replace(/-ONNX$/, '');
			const row = guide.split('\n').find((line) => line.startsWith(`| ${name} `));
			expect(row).toContain(`/${base}\``);
		}
	);

	test('counts every model that can be trained', () => {
		expect(trainable.length).toBeGreaterThan(4);
	});
});
