import { expect, test, vi } from 'vitest';
import { noFiles } from '../engines/no-files.ts';
import { ScriptedEngine, shortSightedModel } from '../testing/scripted-engine.ts';
import { embedWith } from './embed-with.ts';

const { signal } = new AbortController();
const texts = ['short', 'one two three four five six seven eight nine'];

test('embeds with that engine, and passes on which texts it has cut', async () => {
	const engine = new ScriptedEngine();
	await engine.load({ spec: shortSightedModel, files: noFiles, device: 'auto' }, { signal });
	const embed = embedWith(engine);
	const onTruncated = vi.fn<(places: readonly number[]) => void>();
	expect(await embed(texts, 'passage', signal, onTruncated)).toHaveLength(2);
	expect(onTruncated.mock.calls).toEqual([[[1]]]);
	expect(await embed(texts, 'query', signal)).toHaveLength(2);
	expect(engine.log.at(-1)).toContain('embed query');
});
