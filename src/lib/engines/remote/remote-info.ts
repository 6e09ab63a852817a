import type { EngineInfo } from '../engine-contract.ts';

export const remoteInfo: EngineInfo = {
	kind: 'remote',
	name: 'Your own server',
	extractive: false,
	remote: true
};
