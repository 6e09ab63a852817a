import { seededRandom } from '../knowledge/seeded-random.ts';
import type { CrashSide } from './crash-point.ts';

/** What a user, a device and its other tabs may do. Numbers choose among what is there when their turn comes. */
export type Action =
	| { readonly do: 'import'; readonly name: number; readonly passages: number }
	| { readonly do: 'delete'; readonly which: number }
	| { readonly do: 'edit'; readonly which: number; readonly passages: number }
	| { readonly do: 'ask'; readonly which: number; readonly chat: number }
	| {
			readonly do: 'start';
			readonly kind: number;
			readonly asks: boolean;
			readonly harsh: boolean;
			readonly gentle: boolean;
	  }
	| { readonly do: 'set speed'; readonly gentle: boolean }
	| { readonly do: 'keep longer'; readonly days: number }
	| { readonly do: 'pass time'; readonly turns: number }
	| { readonly do: 'jump'; readonly hours: number }
	| { readonly do: 'crash'; readonly after: number; readonly side: CrashSide }
	| { readonly do: 'fill the disk'; readonly writes: number }
	| { readonly do: 'lose the device'; readonly calls: number }
	| {
			readonly do:
				| ('pause' | 'resume' | 'stop' | 'approve' | 'override' | 'keep' | 'undo')
				| ('take over' | 'rival' | 'maintain' | 'collect');
	  }
	| { readonly do: 'failed start' | 'restart' };

/** Draws numbers from 0 up to, and without, `below`. */
type Draw = (below: number) => number;

type Make = (draw: Draw) => Action;

/** How often each comes, compared with the others. */
const weights: readonly (readonly [number, Make])[] = [
	[4, (draw) => ({ do: 'import', name: draw(6), passages: 1 + draw(4) })],
	[2, (draw) => ({ do: 'delete', which: draw(10) })],
	[2, (draw) => ({ do: 'edit', which: draw(10), passages: 1 + draw(4) })],
	[3, (draw) => ({ do: 'ask', which: draw(10), chat: draw(3) })],
	[
		12,
		(draw) => ({
			do: 'start',
			kind: draw(20),
			asks: draw(4) === 0,
			harsh: draw(6) === 0,
			gentle: draw(4) === 0
		})
	],
	[14, (draw) => ({ do: 'pass time', turns: 1 + draw(120) })],
	[2, () => ({ do: 'pause' })],
	[4, () => ({ do: 'resume' })],
	[1, () => ({ do: 'stop' })],
	[2, () => ({ do: 'approve' })],
	[2, () => ({ do: 'override' })],
	[5, () => ({ do: 'keep' })],
	[2, () => ({ do: 'undo' })],
	[1, (draw) => ({ do: 'keep longer', days: 1 + draw(20) })],
	[1, (draw) => ({ do: 'set speed', gentle: draw(2) === 0 })],
	[5, (draw) => ({ do: 'crash', after: 1 + draw(12), side: draw(2) ? 'before' : 'after' })],
	[2, () => ({ do: 'restart' })],
	[2, () => ({ do: 'take over' })],
	[1, () => ({ do: 'rival' })],
	[2, (draw) => ({ do: 'fill the disk', writes: 1 + draw(4) })],
	[1, (draw) => ({ do: 'lose the device', calls: 1 + draw(3) })],
	[1, () => ({ do: 'failed start' })],
	[2, (draw) => ({ do: 'jump', hours: draw(24 * 12) - 24 })],
	[2, () => ({ do: 'maintain' })],
	[2, () => ({ do: 'collect' })]
];

const total = weights.reduce((sum, [weight]) => sum + weight, 0);

/** So many actions from that seed. */
export function randomActions(seed: number, count: number): Action[] {
	const random = seededRandom(seed);
	const draw: Draw = (below) => Math.floor(random() * below);
	return Array.from({ length: count }, () => {
		let at = draw(total);
		for (const [weight, make] of weights) {
			if (at < weight) return make(draw);
			at -= weight;
		}
		throw new Error('the weights do not add up');
	});
}
