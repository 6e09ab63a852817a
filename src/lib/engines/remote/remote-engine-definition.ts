import { defineEngine, type EngineDefinition } from '../define-engine.ts';
import type { RemoteEngineParts } from './remote-engine.ts';
import { remoteInfo } from './remote-info.ts';

/** The engine for servers that the user has added. The only one that is given a way out of this device. */
export function remoteEngine(parts: RemoteEngineParts): EngineDefinition {
	return defineEngine({
		info: remoteInfo,
		make: async () => {
			const { RemoteEngine } = await import('./remote-engine.ts');
			return new RemoteEngine(parts);
		}
	});
}
