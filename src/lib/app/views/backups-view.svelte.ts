import { formatBytes } from '../../core/bytes.ts';
import type { PlanId } from '../../core/ids.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Backup, Backups, RestorePreview } from '../backups.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { readSetting } from '../read-setting.ts';
import type { Collection } from '../settings-record.ts';
import type { SetupDifference } from '../setup-difference.ts';
import { Notices } from './notices.svelte.ts';

interface Parts {
	/** Loaded when they are first asked for: most visits do not. */
	readonly backups: () => Promise<
		Pick<Backups, 'list' | 'takeNow' | 'remove' | 'file' | 'addFile' | 'preview' | 'restore'>
	>;
	readonly records: RecordStore;
	readonly feed: Pick<ChangeFeed, 'on'>;
	/** Begins an upgrade with these engines chosen. */
	readonly choose: (choice: Extract<SetupDifference, { type: 'upgrade' }>['choose']) => void;
}

/** The page of backups. What went wrong and what came of the last action is in `notices`. */
export class BackupsView {
	readonly notices = new Notices();
	readonly #parts: Parts;
	#list = $state.raw<readonly Backup[] | null>(null);
	#lastCollection = $state.raw<Collection | null>(null);

	constructor(parts: Parts) {
		this.#parts = parts;
		const follow = (): void => {
			if (this.#list) void this.refresh();
		};
		parts.feed.on('upgrade', follow);
		parts.feed.on('settings', follow);
	}

	/** The newest first; null until they have been read. */
	get list(): readonly Backup[] | null {
		return this.#list;
	}

	/** What was freed when garbage was collected last; null when nothing ever was. */
	get lastCollection(): Collection | null {
		return this.#lastCollection;
	}

	refresh = async (): Promise<void> => {
		try {
			this.#list = await (await this.#parts.backups()).list();
			this.#lastCollection = (await readSetting(this.#parts.records, 'lastCollection')) ?? null;
		} catch (error) {
			this.notices.show(error);
		}
	};

	takeNow = (): Promise<void> =>
		this.#change(async (backups) => {
			await backups.takeNow();
			return 'Backed up, read back and checked.';
		});

	remove = (id: PlanId): Promise<void> =>
		this.#change(async (backups) => {
			const freed = await backups.remove(id);
			const told = freed > 0 ? ` ${formatBytes(freed)} of adapters were freed with it.` : '';
			return `The backup is deleted.${told}`;
		});

	addFile = (file: File): Promise<void> =>
		this.#change(async (backups) =>
			(await backups.addFile(file, file.name))
				? `${file.name} is in the list. Restore it from there.`
				: `The backup in ${file.name} is in the list already.`
		);

	/** The backup as a file's content; null when it could not be read. */
	file = async (id: PlanId): Promise<Blob | null> => {
		let content: Blob | null = null;
		await this.notices.run(async () => {
			content = await (await this.#parts.backups()).file(id);
			return null;
		});
		return content;
	};

	/** What restoring it would do; null when that cannot be told. */
	preview = async (id: PlanId): Promise<RestorePreview | null> => {
		let preview: RestorePreview | null = null;
		await this.notices.run(async () => {
			preview = await (await this.#parts.backups()).preview(id);
			return null;
		});
		return preview;
	};

	/** True when engines are to be upgraded back to, and have been chosen in the wizard. */
	restore = async (id: PlanId): Promise<boolean> => {
		let chosen = false;
		await this.#change(async (backups) => {
			const { changes, lost, setup } = await backups.restore(id);
			if (setup.type === 'upgrade' && setup.changes.length > 0) {
				this.#parts.choose(setup.choose);
				chosen = true;
			}
			if (changes.length > 0) {
				const done = 'The settings of the backup are in force. Those from before are in the list.';
				return [done, ...lost].join(' ');
			}
			if (lost.length > 0) return lost.join(' ');
			return chosen ? null : 'Nothing differed.';
		});
		return chosen;
	};

	async #change(
		action: (backups: Awaited<ReturnType<Parts['backups']>>) => Promise<string | null>
	): Promise<void> {
		await this.notices.run(async () => action(await this.#parts.backups()));
		await this.refresh();
	}
}
