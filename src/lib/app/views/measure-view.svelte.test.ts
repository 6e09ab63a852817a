import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { Measurement } from '../../engines/measurement.ts';
import { frozenModelOf, listingOf } from '../../testing/listing-of.ts';
import { MeasureView } from './measure-view.svelte.ts';
import { Notices } from './notices.svelte.ts';

const listing = listingOf('Tiny Llama');
const here = { ...listing, frozen: frozenModelOf(listing) };
const measured: Measurement = {
	model: listing.id,
	at: 1,
	device: 'wasm',
	loadMs: 1200,
	firstTokenMs: 300,
	tokensPerSecond: 24,
	textsPerSecond: null
};

let measuring: MeasureView;
let notices: Notices;
/** Ends the measurement under way. */
let end: PromiseWithResolvers<Measurement>;
let tell: (phase: string) => void;
let asked: ModelId[];
let latest: Map<ModelId, Measurement>;

beforeEach(() => {
	asked = [];
	latest = new Map();
	end = Promise.withResolvers();
	notices = new Notices();
	measuring = new MeasureView({
		notices,
		meter: {
			measure: (spec, signal, onPhase) => {
				asked.push(spec.id);
				tell = onPhase;
				signal.addEventListener('abort', () => end.reject(new AppError('cancelled')));
				return end.promise;
			},
			latest: async () => latest
		}
	});
});

test('tells what it is doing, then how fast the model is', async () => {
	const done = measuring.start(here);
	tell('Loading');
	expect(measuring.running).toEqual({ model: listing.id, phase: 'Loading' });
	latest.set(listing.id, measured);
	end.resolve(measured);
	await done;
	expect(measuring.running).toBeNull();
	expect(measuring.resultOf(listing.id)).toEqual(measured);
	expect(notices.notice).toBe(
		'Tiny Llama on this device: load 1.2 s, first token 0.3 s, 24 tokens/s.'
	);
});

test('measures one model at a time, and none that is not here', async () => {
	await measuring.start(listing);
	expect(asked).toEqual([]);
	const first = measuring.start(here);
	await measuring.start(here);
	end.resolve(measured);
	await first;
	expect(asked).toEqual([listing.id]);
});

test('can be stopped, which is no failure', async () => {
	const done = measuring.start(here);
	measuring.stop();
	await done;
	expect([measuring.running, notices.error]).toEqual([null, null]);
});

test('says why it failed, and of which model', async () => {
	const done = measuring.start(here);
	end.reject(new AppError('engine/load-failed', { details: { reason: 'no room' } }));
	await done;
	expect(notices.error?.message).toContain('Tiny Llama');
});
