import type { FakeRepository } from '../fixtures/fake-hub/fake-repository.ts';
import { tinyAdapter } from '../fixtures/tiny-adapters/tiny-adapter.ts';

/** Fits the tiny Llama, and a checkpoint of its training beside it. */
export const hubPirate: FakeRepository = {
	repository: 'sam-test/pirate-lora',
	commit: 'e1'.repeat(20),
	licence: 'mit',
	files: new Map([
		...tinyAdapter({ seed: 11 }),
		...inFolder('checkpoint-20', tinyAdapter({ seed: 12 })),
		['README.md', new TextEncoder().encode('# Pirate')]
	])
};

/** With its weights in pickle alone. */
export const hubPickled: FakeRepository = {
	repository: 'sam-test/pickled-lora',
	commit: 'e2'.repeat(20),
	files: new Map(
		[...tinyAdapter({ seed: 13 })].map(([path, bytes]) => [
			path.replace('.safetensors', '.bin'),
			bytes
		])
	)
};

/** Of a method that SAM cannot apply. */
export const hubDora: FakeRepository = {
	repository: 'sam-test/dora',
	commit: 'e3'.repeat(20),
	files: tinyAdapter({ seed: 14, config: { use_dora: true } })
};

function inFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): [string, Uint8Array][] {
	return [...files].map(([path, bytes]) => [`${folder}/${path}`, bytes]);
}
