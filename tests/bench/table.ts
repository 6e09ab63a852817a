export interface Table {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly (string | number)[])[];
}

/** The table in Markdown, its columns aligned: the first to the left, all others to the right. */
export function toMarkdown({ columns, rows }: Table): string {
	const cells = [columns, ...rows].map((row) => row.map(String));
	const widths = columns.map((_, i) => Math.max(3, ...cells.map((row) => row[i]?.length ?? 0)));
	const line = (row: readonly string[]): string =>
		`| ${widths.map((width, i) => pad(row[i] ?? '', width, i)).join(' | ')} |`;
	const rule = widths.map((width, i) =>
		i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`
	);
	const [head = [], ...body] = cells;
	return [line(head), line(rule), ...body.map(line)].join('\n');
}

function pad(text: string, width: number, column: number): string {
	return column === 0 ? text.padEnd(width) : text.padStart(width);
}
