import type { AdapterVerdict } from '$lib/adapters/adapter-verdict.ts';
import type { Tone } from '$lib/ui/tone.ts';

/** How an adapter stands to a model, in two or three words. */
export function verdictWords({ state }: AdapterVerdict): {
	readonly text: string;
	readonly tone: Tone;
} {
	switch (state) {
		case 'fits':
			return { text: 'fits', tone: 'good' };
		case 'needs-check':
			return { text: 'must be checked', tone: 'trial' };
		case 'no':
			return { text: 'does not fit', tone: 'danger' };
	}
}
