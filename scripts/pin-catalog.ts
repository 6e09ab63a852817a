/**
 * `npm run catalog:pin`: asks the publishers of the models in `static/catalog.json` and writes the commit, the files,
 * their sizes and their SHA-256 into it. Reads no weights. A model that cannot be pinned is reported and left as it was.
 *
 *   --check         writes nothing; fails for models that are not pinned, or not as their publisher has them
 *   --update        moves pinned models on to the newest commit of their repository
 *   --only ID       this model alone
 *   --catalog FILE  another catalog
 *   --hub URL       a mirror of the model hub, in place of it
 *   --github URL    a host with GitHub's API under `github-api/` and its files under `github-raw/`, in place of it
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { AppError } from '../src/lib/core/errors.ts';
import type { CatalogEntry } from '../src/lib/library/catalog/catalog-entry.ts';
import { catalogVersion } from '../src/lib/library/catalog/catalog-schema.ts';
import { parseCatalog } from '../src/lib/library/catalog/parse-catalog.ts';
import { defaultDownloadSettings } from '../src/lib/library/download/download-settings.ts';
import { HttpModelHub } from '../src/lib/library/hub/http-model-hub.ts';
import { FetchRangeSource } from '../src/lib/platform/fetch-range-source.ts';
import { EntryPinner, type PinOutcome } from './entry-pinner.ts';

interface CatalogJson {
	readonly models: readonly Readonly<Record<string, unknown>>[];
}

interface Row extends Omit<PinOutcome, 'entry'> {
	readonly id: string;
}

/** Runs the command. Resolves with its exit code. */
export async function pinCatalog(
	args: readonly string[],
	print: (line: string) => void
): Promise<0 | 1> {
	const { values } = parseArgs({
		args: [...args],
		options: {
			...{ check: { type: 'boolean' }, update: { type: 'boolean' }, only: { type: 'string' } },
			...{ catalog: { type: 'string' }, hub: { type: 'string' }, github: { type: 'string' } }
		}
	});
	const { check = false, update = false, only, hub, github } = values;
	const file = resolve(values.catalog ?? join(import.meta.dirname, '..', 'static', 'catalog.json'));
	const catalog = JSON.parse(await readFile(file, 'utf8')) as CatalogJson;
	const entries = parseCatalog(catalog);
	if (only !== undefined && !entries.some(({ id }) => id === only)) {
		print(`There is no model "${only}" in ${file}.`);
		return 1;
	}

	const pinner = new EntryPinner(hubAt(hub, github), update);
	const models = [...catalog.models];
	const rows: Row[] = [];
	for (const [at, entry] of entries.entries()) {
		if (only !== undefined && entry.id !== only) continue;
		const { entry: pinned, ...told } = await outcomeOf(pinner, entry);
		rows.push({ id: entry.id, ...told });
		if (pinned) models[at] = { ...catalog.models[at], ...pinned };
	}
	printTable(rows, print);
	const changes = rows.filter(({ state }) => state === 'pinned').length;
	const failures = rows.filter(({ state }) => state === 'failed').length;
	if (changes > 0 && !check)
		await replaceFile(file, JSON.stringify({ ...catalog, models }, null, '\t'));
	print(`${changes} ${check ? 'to pin' : 'pinned'}, ${failures} failed, of ${rows.length} models`);
	return failures > 0 || (check && changes > 0) ? 1 : 0;
}

async function outcomeOf(pinner: EntryPinner, entry: CatalogEntry): Promise<PinOutcome> {
	try {
		const outcome = await pinner.pin(entry, new AbortController().signal);
		// A file that the catalog may not name shows up here, and not when a person opens the app.
		if (outcome.entry) checkEntry({ ...entry, ...outcome.entry });
		return outcome;
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		return { state: 'failed', note: error.message };
	}
}

/** What it replaces is in the rest of the catalog. */
function checkEntry(entry: CatalogEntry): void {
	parseCatalog({ version: catalogVersion, models: [{ ...entry, replaces: [] }] });
}

function hubAt(hub: string | undefined, github: string | undefined): HttpModelHub {
	const settings = {
		...defaultDownloadSettings,
		...(hub === undefined ? {} : { mirrors: [hub], officialHost: false })
	};
	return new HttpModelHub({
		ranges: new FetchRangeSource(),
		settings: () => settings,
		...(github !== undefined && {
			github: {
				api: new URL('github-api/', github).href,
				raw: new URL('github-raw/', github).href
			}
		})
	});
}

function printTable(rows: readonly Row[], print: (line: string) => void): void {
	const widest = Math.max(0, ...rows.map(({ id }) => id.length));
	for (const { id, state, note } of rows)
		print(`${id.padEnd(widest)}  ${state.padEnd('unchanged'.length)}  ${note}`.trimEnd());
}

/** The whole file or nothing of it, formatted like all files here. */
async function replaceFile(file: string, json: string): Promise<void> {
	const beside = `${file}.new`;
	try {
		await writeFile(beside, await format(json, { ...(await resolveConfig(file)), filepath: file }));
		await rename(beside, file);
	} finally {
		await rm(beside, { force: true });
	}
}

if (import.meta.main)
	process.exitCode = await pinCatalog(process.argv.slice(2), (line) => console.log(line));
