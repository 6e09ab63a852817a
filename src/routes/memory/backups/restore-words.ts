import type { RestorePreview } from '$lib/app/backups.ts';

/** What the question says of the engines, a sentence or two each, and what its button says; null where nothing can be done. */
export function restoreWords({ changes, setup }: Pick<RestorePreview, 'changes' | 'setup'>): {
	readonly engines: readonly string[];
	readonly action: string | null;
} {
	const settings = changes.length > 0 ? 'Restore settings' : null;
	switch (setup.type) {
		case 'same':
			return { engines: ['Those of the backup are in use.'], action: settings };
		case 'other-index':
			return {
				engines: [
					'Those of the backup are in use. The index has been rebuilt since; it holds the same documents and stays.'
				],
				action: settings
			};
		case 'undo':
			return {
				engines: [
					'This is the setup from before the upgrade that is on trial. Undo brings it back at once, and keeps what you have added since.'
				],
				action: settings
			};
		case 'busy':
			return {
				engines: [
					'They differ, but another upgrade is under way or on trial. Keep or undo it first, then restore this backup once more.'
				],
				action: settings
			};
		case 'upgrade': {
			const back =
				'SAM upgrades back to them in the Migration Wizard, with the same checks and the same Undo as any upgrade. They are chosen there for you:';
			if (setup.changes.length === 0) return { engines: setup.missing, action: settings };
			return {
				engines: [...setup.missing, back],
				action: settings ? 'Restore settings and open the wizard' : 'Open the wizard'
			};
		}
	}
}
