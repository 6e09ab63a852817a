import type { EngineInfo } from '../engine-contract.ts';

/** Apart from the engine, so that it can be shown without loading the runtime. */
export const transformersInfo: EngineInfo = {
	kind: 'transformers',
	name: 'Transformers.js',
	extractive: false
};
