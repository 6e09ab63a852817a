import { describe, expect, test } from 'vitest';
import { ScriptedEngine } from '../testing/scripted-engine.ts';
import { builtInEngines } from './built-in-engines.ts';
import { defineEngine } from './define-engine.ts';
import { EngineRegistry } from './engine-registry.ts';

const scripted = defineEngine({
	info: { kind: 'scripted', name: 'Scripted', extractive: false },
	make: async () => new ScriptedEngine()
});

describe('EngineRegistry', () => {
	test('makes a fresh engine of the kind each time', async () => {
		const registry = new EngineRegistry([scripted]);
		const first = await registry.make('scripted');
		expect(first).toBeInstanceOf(ScriptedEngine);
		expect(await registry.make('scripted')).not.toBe(first);
	});

	test('tells who an engine is without making one', () => {
		const registry = new EngineRegistry([scripted]);
		expect(registry.info('scripted').name).toBe('Scripted');
		expect(registry.has('scripted')).toBe(true);
		expect(registry.kinds).toEqual(['scripted']);
	});

	test('says so when it does not know a kind', async () => {
		const registry = new EngineRegistry([scripted]);
		const unknown = { code: 'engine/unknown', details: { engine: 'abacus' } };
		expect(registry.has('abacus')).toBe(false);
		expect(() => registry.info('abacus')).toThrow(expect.objectContaining(unknown) as Error);
		await expect(registry.make('abacus')).rejects.toMatchObject(unknown);
	});

	test('does not take two engines of one kind', () => {
		expect(() => new EngineRegistry([scripted, scripted])).toThrow('two engines named scripted');
	});

	test('each built-in engine calls itself what it is registered as', async () => {
		const registry = new EngineRegistry(builtInEngines);
		expect(registry.kinds).toContain('starter');
		for (const kind of registry.kinds) {
			const engine = await registry.make(kind);
			expect(engine.info).toEqual(registry.info(kind));
		}
	});
});
