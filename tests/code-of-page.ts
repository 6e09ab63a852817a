import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');

/** The code block that follows the comment with that name, and the file that the comment says it belongs to. */
export function codeOfPage(
	page: string,
	name: string
): { readonly path: string; readonly code: string } {
	const pattern = new RegExp(`<!-- ${name}: (\\S+) -->\\s+\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``);
	const [, path, code] = pattern.exec(page) ?? [];
	if (!path || !code) throw new Error(`The page has no block "${name}"`);
	return { path, code };
}

/**
 * Writes that code into `.cache/<folder>` with its imports pointed to the source, as if it stood where the page says.
 * Returns the file.
 */
export function writeCodeOfPage(page: string, name: string, folder: string): string {
	const { path, code } = codeOfPage(page, name);
	const file = join(root, '.cache', folder, basename(path));
	const home = dirname(join(root, path));
	const moved = code.replace(/(?<=from ')(\.[^']*)(?=')/g, (target) => {
		const address = relative(dirname(file), join(home, target)).replaceAll('\\', '/');
		return address.startsWith('.') ? address : `./${address}`;
	});
	rmSync(dirname(file), { recursive: true, force: true });
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, moved);
	return file;
}

/** What the compiler says of a file under this repository's settings. */
export function compilerComplaints(file: string): string[] {
	const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, {
		...ts.sys,
		onUnRecoverableConfigFileDiagnostic: () => undefined
	});
	const program = ts.createProgram([file], config?.options ?? {});
	const source = program.getSourceFile(file);
	return ts
		.getPreEmitDiagnostics(program, source)
		.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
