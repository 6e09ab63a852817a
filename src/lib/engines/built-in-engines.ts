import { deepSeekInfo } from './deepseek/deepseek-info.ts';
import { defineEngine } from './define-engine.ts';
import { starterInfo } from './starter/starter-info.ts';
import { transformersInfo } from './transformers/transformers-info.ts';
import { webLlmInfo } from './webllm/web-llm-info.ts';

/** The engines that come with SAM. */
export const builtInEngines = [
	defineEngine({
		info: starterInfo,
		make: async () => {
			const { StarterEngine } = await import('./starter/starter-engine.ts');
			return new StarterEngine();
		}
	}),
	defineEngine({
		info: transformersInfo,
		make: async () => {
			const { TransformersEngine } = await import('./transformers/transformers-engine.ts');
			return new TransformersEngine();
		}
	}),
	defineEngine({
		info: deepSeekInfo,
		make: async () => {
			const { DeepSeekEngine } = await import('./deepseek/deepseek-engine.ts');
			return new DeepSeekEngine();
		}
	}),
	defineEngine({
		info: webLlmInfo,
		make: async () => {
			const { WebLlmEngine } = await import('./webllm/web-llm-engine.ts');
			return new WebLlmEngine();
		}
	})
];
