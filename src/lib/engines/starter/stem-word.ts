/** Endings with the least length of what must stay before them, longest first within a round. */
type Ending = readonly [ending: string, least: number, instead?: string];

const plural: readonly Ending[] = [
	['sses', 2, 'ss'],
	['ies', 2, 'y'],
	['ches', 3, 'ch'],
	['shes', 2, 'sh'],
	['xes', 2, 'x'],
	['ss', 1, 'ss'],
	['us', 2, 'us'],
	['is', 2, 'is'],
	['s', 3]
];

const inflection: readonly Ending[] = [
	['ingly', 3],
	['edly', 3],
	['eed', 2, 'ee'],
	['ied', 2, 'y'],
	['ing', 3],
	['ed', 3]
];

const derivation: readonly Ending[] = [
	['ization', 3],
	['isation', 3],
	['fulness', 3],
	['iveness', 3],
	['ability', 3],
	['ibility', 3],
	['ation', 4],
	['ition', 4],
	['ement', 4],
	['ment', 4],
	['ness', 3],
	['tion', 4, 't'],
	['sion', 4, 's'],
	['able', 3],
	['ible', 4],
	['ance', 4],
	['ence', 4],
	['ical', 4],
	['less', 3],
	['ally', 4],
	['ful', 3],
	['ous', 4],
	['ive', 4],
	['ize', 4],
	['ise', 4],
	['ity', 4],
	['ist', 4],
	['ism', 4],
	['ant', 4],
	['ent', 4],
	['ate', 4],
	['ung', 4],
	['ly', 3],
	['al', 4],
	['ic', 4],
	['er', 4],
	['or', 4],
	['en', 4],
	['em', 5]
];

/**
 * A short form that most inflections of a word share: `managing`, `managed` and `manager` become `manag`. Made for
 * English, harmless elsewhere. Expects a folded word; the stem is no word of its own.
 */
export function stemWord(word: string): string {
	if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
	let stem = shorten(word, plural);
	const inflected = shorten(stem, inflection);
	if (inflected !== stem) stem = undouble(inflected.replace(/(at|bl|iz)$/, '$1e'));
	stem = shorten(stem, derivation);
	if (stem.length > 4 && stem.endsWith('e')) stem = stem.slice(0, -1);
	if (stem.length > 3 && stem.endsWith('y')) stem = `${stem.slice(0, -1)}i`;
	return undouble(stem);
}

function shorten(word: string, endings: readonly Ending[]): string {
	for (const [ending, least, instead = ''] of endings) {
		if (!word.endsWith(ending)) continue;
		const rest = word.slice(0, -ending.length);
		return rest.length >= least && /[aeiouy]/.test(rest) ? rest + instead : word;
	}
	return word;
}

function undouble(word: string): string {
	return /([bdfgklmnprt])\1$/.test(word) ? word.slice(0, -1) : word;
}
