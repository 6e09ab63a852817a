import { evenRandom, markdownFile, wordyFile } from '../documents.ts';
import { deepBertCount } from '../hub-models.ts';
import { KillLog, type KillMethod } from '../kill-log.ts';
import { surviveRound, type Aim, type KillRound } from '../kill-round.ts';
import { useHub } from '../library-steps.ts';
import { expect, test } from '../profile.ts';
import { addDocuments, ask, search } from '../steps.ts';
import { expectIndexed, readStoredData, type StoredData } from '../stored-data.ts';

/** Of every upgrade with a download. The last phases, Keep and Undo, are killed without being aimed at. */
const withDownload: readonly Aim[] = [
	{ phase: 'snapshot', within: 80 },
	{ phase: 'download', within: 400 },
	{ phase: 'download', within: 1500 },
	{ phase: 'canary', within: 1200 },
	{ phase: 'compare-answers', within: 600 },
	{ phase: 'build-index', within: 300 },
	{ phase: 'build-index', within: 600 },
	{ phase: 'build-index', within: 600 },
	{ phase: 'compare', within: 800 },
	{ phase: 'switch', within: 60 },
	{ phase: 'trial', within: 1500 }
];
const withoutDownload = withDownload.filter(({ phase }) => phase !== 'download');

const methods: readonly KillMethod[] = ['page', 'pages', 'page', 'page', 'browser', 'page', 'page'];

for (const { seed, kills } of [
	{ seed: 1, kills: 52 },
	{ seed: 2, kills: 52 },
	{ seed: 3, kills: 52 },
	{ seed: 4, kills: 52 }
]) {
	test(`killed ${kills} times and more at spread moments, nothing is lost (seed ${seed})`, async ({
		profile,
		hub
	}) => {
		test.setTimeout(60 * 60_000);
		let page = await profile.open('/');
		await useHub(page, hub);
		await addDocuments(page, [wordyFile('almanac.md', 600), markdownFile]);
		await expectIndexed(page);
		await ask(page, 'When does swarming begin?');
		await expect(page.getByRole('article', { name: 'Assistant' })).toContainText('in May');
		const world = {
			...{ profile, hub, log: new KillLog(`seed-${seed}`), random: evenRandom(seed) },
			before: await readStoredData(page),
			search: { text: 'royal jelly', document: markdownFile.name },
			answer: 'in May'
		};
		for (let number = 1; world.log.count < kills; number += 1) {
			await test.step(`upgrade ${number}`, async () => {
				const round = roundAfter(await readStoredData(page), number, seed);
				page = await surviveRound(world, round, page);
			});
		}
		console.log(world.log.table());
		await ask(page, 'When does swarming begin?');
		expect(await search(page, 'royal jelly')).not.toEqual([]);
	});
}

/** Upgrades with and without a download by turns, kept and undone by turns, to engines that are not in use. */
function roundAfter({ setup }: StoredData, number: number, seed: number): KillRound {
	const starterFor = ({ name }: { readonly name: string }): string =>
		name === 'Starter 1' ? 'Starter 2' : 'Starter 1';
	const { chat, embedding } = setup.current;
	const download = (number + seed) % 3 !== 0;
	const deep = `Deep BERT ${((number + seed) % deepBertCount) + 1}`;
	return {
		chat: number % 2 === 0 && chat.name !== 'Tiny Llama' ? 'Tiny Llama' : starterFor(chat),
		embedding: download && deep !== embedding.name ? deep : starterFor(embedding),
		end: (number + seed) % 2 === 0 ? 'Keep' : 'Undo',
		aims: download ? withDownload : withoutDownload,
		methods: [
			...methods.slice(number % methods.length),
			...methods.slice(0, number % methods.length)
		]
	};
}
