import type { EngineInfo } from '../engine-contract.ts';

export const starterInfo: EngineInfo = { kind: 'starter', name: 'Starter', extractive: true };
