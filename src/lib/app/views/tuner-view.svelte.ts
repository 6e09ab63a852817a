import type { AdapterFile } from '../../adapters/adapter-records.ts';
import type { AdapterId } from '../../core/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AdaptedEngine, Adapters, ListedAdapter } from '../adapters.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { Notices } from './notices.svelte.ts';
import { TryItView } from './try-it-view.svelte.ts';

interface Parts {
	readonly adapters: () => Promise<
		Pick<
			Adapters,
			| 'list'
			| 'engine'
			| 'setOn'
			| 'setStrength'
			| 'check'
			| 'rename'
			| 'remove'
			| 'file'
			| 'tryBeside'
		>
	>;
	readonly clock: Pick<Clock, 'sleep'>;
	readonly feed: Pick<ChangeFeed, 'on'>;
}

/** How long a slider must rest before its value is written. */
const restMs = 300;

/** The page of adapters. What went wrong and what came of the last action is in `notices`. */
export class TunerView {
	readonly notices = new Notices();
	readonly tryIt: TryItView;
	readonly #parts: Parts;
	#list = $state.raw<readonly ListedAdapter[] | null>(null);
	#engine = $state.raw<AdaptedEngine | null>(null);
	#checking = $state.raw<AdapterId | null>(null);
	/** Strengths that are shown and not written yet. */
	#moved = $state.raw<Readonly<Partial<Record<AdapterId, number>>>>({});
	/** Ends the rest of a slider that is moved on. */
	#resting: Readonly<Partial<Record<AdapterId, AbortController>>> = {};
	/** Ends the rest of all of them: what they show is written. */
	#hurry = new AbortController();
	#stop = new AbortController();
	#reading: Promise<void> | null = null;
	/** Something has changed since the read under way began. */
	#stale = false;

	constructor(parts: Parts) {
		this.#parts = parts;
		this.tryIt = new TryItView({ adapters: parts.adapters, list: () => this.#asShown() });
		const follow = (): void => {
			if (this.#list) void this.refresh();
		};
		// The engine in use decides which of them fit; one that is deleted takes none.
		for (const what of ['adapters', 'upgrade', 'library'] as const) parts.feed.on(what, follow);
	}

	/** The newest first; null until they have been read. */
	get list(): readonly ListedAdapter[] | null {
		return this.#list;
	}

	/** The chat engine in use; null until it has been read. */
	get engine(): AdaptedEngine | null {
		return this.#engine;
	}

	/** The adapter that is being tried with the chat engine. */
	get checking(): AdapterId | null {
		return this.#checking;
	}

	/** As the slider shows it. */
	strengthOf({ row }: ListedAdapter): number {
		return this.#moved[row.id] ?? row.strength;
	}

	/** Several wishes at once are one read, and one more after it. Never rejects. */
	refresh = (): Promise<void> => {
		this.#stale = true;
		this.#reading ??= this.#readUntilFresh();
		return this.#reading;
	};

	/** One that must be tried first is tried at once. */
	setOn = async (adapter: ListedAdapter, on: boolean): Promise<void> => {
		const { id, name } = adapter.row;
		await this.#change(name, async (adapters) => {
			await adapters.setOn(id, on);
			return null;
		});
		if (on && !this.notices.error && adapter.verdict.state === 'needs-check') {
			await this.check(adapter);
		}
	};

	/** Shown at once, and written when the slider rests. */
	setStrength = async ({ row }: ListedAdapter, strength: number): Promise<void> => {
		const { id, name } = row;
		this.#moved = { ...this.#moved, [id]: strength };
		this.#resting[id]?.abort();
		const rest = new AbortController();
		this.#resting = { ...this.#resting, [id]: rest };
		const ends = AbortSignal.any([rest.signal, this.#hurry.signal]);
		await this.#parts.clock.sleep(restMs, ends).catch(() => undefined);
		if (rest.signal.aborted) return;
		await this.#change(name, async (adapters) => {
			await adapters.setStrength(id, strength);
			return null;
		});
		// It may have been moved on meanwhile.
		if (this.#resting[id] !== rest) return;
		const { [id]: _, ...others } = this.#moved;
		this.#moved = others;
	};

	/** The page is left: what the sliders show counts from the next question on. */
	flush = (): void => {
		this.#hurry.abort();
		this.#hurry = new AbortController();
	};

	/** Does nothing while another one is being tried. */
	check = async ({ row }: ListedAdapter): Promise<void> => {
		if (this.#checking) return;
		this.#checking = row.id;
		this.#stop = new AbortController();
		await this.#change(row.name, async (adapters) => {
			const { reason } = await adapters.check(row.id, this.#stop.signal);
			return `${row.name}: ${reason}`;
		});
		this.#checking = null;
	};

	stopCheck = (): void => this.#stop.abort();

	/** False when the name is empty, or could not be kept. */
	rename = async ({ row }: ListedAdapter, name: string): Promise<boolean> => {
		const wanted = name.trim();
		if (!wanted) return false;
		await this.#change(row.name, async (adapters) => {
			await adapters.rename(row.id, wanted);
			return null;
		});
		return this.notices.error === null;
	};

	remove = ({ row }: ListedAdapter): Promise<void> =>
		this.#change(row.name, async (adapters) => {
			await adapters.remove(row.id);
			return `${row.name} is removed.`;
		});

	/** Gives its files to `save` one by one, as they came and verified. */
	exportFiles = (
		{ row }: ListedAdapter,
		save: (path: string, body: ReadableStream<Uint8Array<ArrayBuffer>>) => Promise<void>
	): Promise<void> =>
		this.#change(row.name, async (adapters) => {
			for (const { path } of row.files) await save(path, (await adapters.file(row.id, path)).body);
			return `${row.name} is exported: ${namesOf(row.files)}.`;
		});

	/** With the strengths that the sliders show: a comparison does not wait until one rests. */
	#asShown(): ListedAdapter[] {
		return (this.#list ?? []).map((adapter) => ({
			...adapter,
			row: { ...adapter.row, strength: this.strengthOf(adapter) }
		}));
	}

	async #readUntilFresh(): Promise<void> {
		try {
			while (this.#stale) {
				this.#stale = false;
				const adapters = await this.#parts.adapters();
				this.#engine = await adapters.engine();
				this.#list = await adapters.list();
			}
		} catch (error) {
			this.notices.show(error);
		} finally {
			this.#reading = null;
		}
	}

	async #change(
		name: string,
		action: (adapters: Awaited<ReturnType<Parts['adapters']>>) => Promise<string | null>
	): Promise<void> {
		await this.notices.run(async () => action(await this.#parts.adapters()), name);
		await this.refresh();
	}
}

function namesOf(files: readonly AdapterFile[]): string {
	return files.map(({ path }) => path).join(', ');
}
