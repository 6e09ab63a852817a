import type { EngineInfo } from '../engine-contract.ts';

/** Apart from the engine, so that it can be shown without loading the runtime. */
export const webLlmInfo: EngineInfo = { kind: 'webllm', name: 'WebLLM', extractive: false };
