import type { PreferencePair } from './preference-pairs.ts';
import type { PreferenceRow } from './preference-records.ts';
import { exportedAnswer, trlLine, type TrlOptions } from './trl-example.ts';

/**
 * JSON Lines as DPOTrainer of TRL reads them: an object with `prompt`, `chosen` and `rejected` for each pair, in their
 * order. Without passages, marks that cite them are left out. Lone surrogates become U+FFFD. A pair whose answers are
 * the same after that, or one of which is empty, is left out.
 */
export function trlLines(pairs: readonly PreferencePair[], options: TrlOptions): string[] {
	return pairs.flatMap((pair) => {
		const chosen = exportedAnswer(pair, pair.chosen, options, pair.chosenGiven);
		const rejected = exportedAnswer(pair, pair.rejected, options, pair.rejectedGiven);
		const same = chosen.trim() === rejected.trim();
		return same || !chosen.trim() || !rejected.trim()
			? []
			: [trlLine(pair, { chosen, rejected }, options)];
	});
}

/**
 * JSON Lines as KTOTrainer of TRL reads them: an object with `prompt`, `completion` and `label` for each answer that
 * was judged or written, whether it has an opposite or not. True: a good one. In the order of the rows.
 */
export function trlJudgementLines(rows: readonly PreferenceRow[], options: TrlOptions): string[] {
	return rows.flatMap((row) =>
		[
			{ text: row.chosen, label: true },
			{ text: row.rejected, label: false }
		].flatMap(({ text, label }) => {
			if (text === null) return [];
			const completion = exportedAnswer(row, text, options);
			return completion.trim() ? [trlLine(row, { completion }, options, { label })] : [];
		})
	);
}
