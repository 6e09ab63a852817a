/**
 * `npm run bench [-- name…] [--write]`: measures and prints a table per bench; `--write` puts them into
 * docs/benchmarks.md. Asserts nothing about time: it fails only when something is broken.
 */
import { cpus, totalmem } from 'node:os';
import { adapterGraft } from './benches/adapter-graft.ts';
import { adapterMerge } from './benches/adapter-merge.ts';
import { adapterSpeed } from './benches/adapter-speed.ts';
import { controller } from './benches/controller.ts';
import { cuts } from './benches/cuts.ts';
import { download } from './benches/download.ts';
import { engine } from './benches/engine.ts';
import { embed } from './benches/embed.ts';
import { embedWait } from './benches/embed-wait.ts';
import { engineLoad } from './benches/engine-load.ts';
import { engineMemory } from './benches/engine-memory.ts';
import { engineTurns } from './benches/engine-turns.ts';
import { indexMemory } from './benches/index-memory.ts';
import { memory } from './benches/memory.ts';
import { pipeline } from './benches/pipeline.ts';
import { pointerSwitch } from './benches/pointer-switch.ts';
import { stream } from './benches/stream.ts';
import { BenchBrowser } from './bench-browser.ts';
import { BenchSite } from './bench-site.ts';
import { toMarkdown } from './table.ts';
import { writeResult } from './write-result.ts';

const benches = [
	...[download, cuts, memory, pipeline],
	...[engine, engineLoad, engineTurns, engineMemory, stream, embed, embedWait],
	...[adapterGraft, adapterMerge, adapterSpeed],
	pointerSwitch,
	controller,
	indexMemory
];

const writes = process.argv.includes('--write');
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
	console.error(`No bench is called ${unknown.join(', ')}.`);
	console.error(`There are: ${benches.map(({ name }) => name).join(', ')}.`);
	process.exit(1);
}

const site = await BenchSite.start();
const machine = await describeMachine();
for (const bench of benches) {
	if (names.length > 0 && !names.includes(bench.name)) continue;
	console.log(`\n${bench.title}\n`);
	const table = toMarkdown(await bench.run(site));
	console.log(table);
	if (writes) writeResult(bench.name, table, machine);
}
// The server would keep the process alive.
process.exit(0);

async function describeMachine(): Promise<string> {
	const browser = await BenchBrowser.start();
	const { version } = browser;
	await browser.close();
	const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
	return `${cpus().length} cores, ${memory}, ${process.platform}, Chromium ${version}`;
}
