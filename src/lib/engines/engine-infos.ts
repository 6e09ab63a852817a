import { AppError } from '../core/errors.ts';
import { deepSeekInfo } from './deepseek/deepseek-info.ts';
import type { EngineInfo } from './engine-contract.ts';
import { remoteInfo } from './remote/remote-info.ts';
import { starterInfo } from './starter/starter-info.ts';
import { transformersInfo } from './transformers/transformers-info.ts';
import { webLlmInfo } from './webllm/web-llm-info.ts';

const infos: readonly EngineInfo[] = [
	starterInfo,
	transformersInfo,
	deepSeekInfo,
	remoteInfo,
	webLlmInfo
];

/** Kinds of engines that this build has. */
export const engineKinds: readonly string[] = infos.map(({ kind }) => kind);

/**
 * Who an engine is, without a way to make it: for the page, which must not carry any runtime.
 * Errors: `engine/unknown`.
 */
export function engineInfo(kind: string): EngineInfo {
	const info = infos.find((each) => each.kind === kind);
	if (!info) throw new AppError('engine/unknown', { details: { engine: kind } });
	return info;
}
