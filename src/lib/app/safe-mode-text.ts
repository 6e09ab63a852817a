import type { EngineRole } from './engine-pool.ts';

/** What safe mode does and why, in whole sentences. `instead`: what works in its place; null when nothing does (yet). */
export function safeModeText(role: EngineRole, name: string, instead: string | null): string {
	const what = `The tab closed unexpectedly while ${name} was being loaded.`;
	if (role === 'chat') return instead ? `${what} SAM started with ${instead} instead.` : what;
	const how = instead ? `with ${instead} instead` : 'by keywords alone';
	return `${what} SAM searches ${how}.`;
}
