import type { EngineInfo } from '../engine-contract.ts';

/** Apart from the engine, so that it can be shown without loading a runtime. */
export const deepSeekInfo: EngineInfo = {
	kind: 'deepseek',
	name: 'DeepSeek',
	extractive: false
};
