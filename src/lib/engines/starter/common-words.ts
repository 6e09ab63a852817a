/** The most frequent words of written English, most frequent first. Part of both models: never to be changed. */
const english = `
the of and to a in is that it for was on are as with be by this have from at or an not his but which he you were
they we had her she all their been one there has more when who will if no would what so can my its out up about
into your than them other some time could then do two these only now him new also may any like over how me very
our made after most such should well work many before must through much where even because first between people
make those being way just same used use does did own good see both under while here us between each part get give
take without against during again still place found year years day days know never last long great little man men
old say said too us come came go went think thought back off down another however every around always few might
upon things thing set put show shown need needs want wants seem seems let help per via within since until though
although often become becomes became able become kind sort lot lots really actually quite rather almost already
yet ever soon later next right left high low large small big best better different several second third three four
five six seven eight nine ten hundred thousand number numbers following follow follows look looks looking tell
tells told ask asks asked explain describe please find finds call called keep keeps kept begin began start started
end ended turn turned leave run move live lives lived feel felt bring brought happen happens write provide
provides include includes including given say says ask example case fact point side week month hour today world
life hand house home state whole main possible important certain common likely mean means meant made does doing
done having going getting gets got makes making taken takes taking uses using goes whose whom why yes
`;

/** The smallest words of other languages, which would drown the rest in a text of that language. */
const others = `
der die das den dem des ein eine einer einem einen eines und oder aber nicht ist sind war waren wird werden wurde
wurden hat haben hatte sich auch auf aus bei bis durch für gegen in im mit nach ohne seit über um unter von vom vor
zu zum zur als am an dass daß wie wenn weil was wer wo wann warum ich du er sie es wir ihr mein dein sein ihre kann
man nur noch schon sehr so dann denn doch diese dieser dieses kein keine mehr
le la les un une des du de d l et ou mais ne pas plus est sont était été être avoir a ont avait ce cet cette ces
qui que quoi dont où dans en par pour sur sous avec sans chez entre vers il elle ils elles on nous vous je tu se sa
son ses leur leurs mon ma mes comme si très aussi bien quand comment pourquoi quel quelle quels quelles au aux
el los las una unos unas y o pero no es son era eran fue ser estar está están ha han había que quien cual cuando
donde como por para con sin sobre entre desde hasta del al su sus mi mis se lo le les más muy también ya este esta
estos estas ese esa qué cómo cuándo dónde
`;

const ranks = new Map<string, number>();
for (const word of english.split(/\s+/)) if (word && !ranks.has(word)) ranks.set(word, ranks.size);
const stopWords = new Set(others.split(/\s+/).filter(Boolean));

/**
 * How much a lower-case word says about what a text is about, without knowing other texts: 0.02 for the commonest,
 * up to about 1.6 for long and rare ones. A stand-in for inverse document frequency.
 */
export function wordWeight(word: string): number {
	const rank = ranks.get(word);
	if (rank !== undefined) return rank < 120 ? 0.02 : 0.02 + (0.5 * (rank - 120)) / ranks.size;
	if (stopWords.has(word)) return 0.02;
	if (word.length === 1 && /[a-z]/.test(word)) return 0.2;
	return Math.min(1.6, 0.8 + 0.08 * Array.from(word).length);
}

/** True for words that say nothing by themselves. */
export function isCommonWord(word: string): boolean {
	return wordWeight(word) < 0.5;
}
