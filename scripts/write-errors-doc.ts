/** `npm run docs:errors`: writes `docs/errors.md` from the table of error texts. `tests/docs.test.ts` checks it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorTable } from '../src/lib/core/error-table.ts';
import type { Remedy } from '../src/lib/core/error-texts/error-text.ts';
import type { ErrorCode } from '../src/lib/core/error-code.ts';

const page = join(import.meta.dirname, '..', 'docs', 'errors.md');

const areas: readonly (readonly [area: string, title: string])[] = [
	['engine', 'Engines'],
	['catalog', 'Catalog'],
	['library', 'Model library'],
	['hub', 'Model hosts'],
	['remote', 'Your own servers'],
	['adapter', 'Adapters'],
	['add', 'Adding models'],
	['download', 'Downloads'],
	['storage', 'Storage'],
	['document', 'Documents'],
	['index', 'Search index'],
	['migration', 'Upgrades'],
	['backup', 'Backups'],
	['tab', 'Tabs'],
	['wire', 'Background parts'],
	['', 'Everywhere']
];

const remedies: Readonly<Record<Remedy, string>> = {
	retry: 'The same action may work when it is tried again.',
	wait: 'Something else must finish first.',
	'user-action': 'Only the user can do something about it.',
	repair: 'Something stored is missing or damaged and has to be made anew.',
	reload: 'The tab must be reloaded.',
	none: 'Nothing to do: it is told so that it is known.'
};

/** The whole page, formatted as all Markdown here. Throws for a code whose area has no title. */
export async function errorsPage(): Promise<string> {
	const codes = Object.keys(errorTable) as ErrorCode[];
	const known = new Set(areas.map(([area]) => area));
	const homeless = codes.filter((code) => !known.has(areaOf(code)));
	if (homeless.length > 0) throw new Error(`No area for ${homeless.join(', ')}`);
	const text = [
		'# Errors',
		'<!-- Written by `npm run docs:errors` from src/lib/core/error-table.ts. Do not edit. -->',
		'Every failure that SAM knows has a code, a sentence and one thing to do. Words in braces are filled in from the case at hand. The remedy tells the program, and the reader, what kind of help there is:',
		Object.entries(remedies)
			.map(([remedy, meaning]) => `- \`${remedy}\`: ${meaning}`)
			.join('\n'),
		...areas.map(([area, title]) =>
			sectionOf(
				title,
				codes.filter((code) => areaOf(code) === area)
			)
		)
	].join('\n\n');
	return format(text, { ...(await resolveConfig(page)), filepath: page });
}

function sectionOf(title: string, codes: readonly ErrorCode[]): string {
	const rows = codes.map((code) => {
		const { what, advice, remedy } = errorTable[code];
		return [`\`${code}\``, what, advice, `\`${remedy}\``];
	});
	const table = [['Code', 'What it says', 'What to do', 'Remedy'], ['-', '-', '-', '-'], ...rows];
	const lines = table.map((cells) => `| ${cells.map(escaped).join(' | ')} |`);
	return `## ${title}\n\n${lines.join('\n')}`;
}

function areaOf(code: ErrorCode): string {
	return code.includes('/') ? code.slice(0, code.indexOf('/')) : '';
}

function escaped(cell: string): string {
	return cell.replaceAll('|', '\\|');
}

if (import.meta.main) writeFileSync(page, await errorsPage());
