import { notAModel } from './not-a-model.ts';
import type { RepositoryView } from './repository-view.ts';

/** A configuration file that is an object. Anything may stand in it. */
export type Config = Readonly<Record<string, unknown>>;

/** What a JSON file says, undefined when there is none. Errors: `add/not-a-model` when it is not JSON. */
export async function readJson(view: RepositoryView, path: string): Promise<unknown> {
	const bytes = await view.readSmall(path);
	if (!bytes) return undefined;
	try {
		return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
	} catch {
		throw notAModel(view.title, `${path} is not JSON`);
	}
}

/** The same of a file that must be an object. */
export async function readConfig(view: RepositoryView, path: string): Promise<Config | undefined> {
	const value = await readJson(view, path);
	if (value === undefined || isConfig(value)) return value;
	throw notAModel(view.title, `${path} is not an object`);
}

export function isConfig(value: unknown): value is Config {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of these fields that is a positive whole number. */
export function numberIn(config: Config | undefined, ...keys: readonly string[]): number | null {
	for (const key of keys) {
		const value = config?.[key];
		if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
	}
	return null;
}

/** The first of these fields that is a text, even an empty one. */
export function textIn(config: Config | undefined, ...keys: readonly string[]): string | null {
	for (const key of keys) {
		const value = config?.[key];
		if (typeof value === 'string') return value;
	}
	return null;
}

/** The texts of a list; none where the field is something else. */
export function textsIn(config: Config | undefined, key: string): readonly string[] {
	const value = config?.[key];
	if (!Array.isArray(value)) return [];
	return value.filter((each): each is string => typeof each === 'string');
}
