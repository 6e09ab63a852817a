import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { Notices } from './notices.svelte.ts';

let notices: Notices;
beforeEach(() => {
	notices = new Notices();
});

const fail = (code: 'download/offline' | 'cancelled') => () =>
	Promise.reject<string>(new AppError(code));

test('keeps the notice of an action until the next one begins', async () => {
	await notices.run(async () => 'Done.');
	expect(notices.notice).toBe('Done.');
	const { promise, resolve } = Promise.withResolvers<null>();
	const running = notices.run(() => promise);
	expect(notices.notice).toBeNull();
	resolve(null);
	await running;
	expect(notices.notice).toBeNull();
});

test('keeps why it failed, until an action goes well', async () => {
	await notices.run(fail('download/offline'));
	expect(notices.error?.code).toBe('download/offline');
	await notices.run(async () => null);
	expect(notices.error).toBeNull();
});

test('what the user stopped is no failure', async () => {
	await notices.run(fail('cancelled'));
	expect(notices.error).toBeNull();
});

test('names what it is about, once', async () => {
	await notices.run(fail('download/offline'), 'Tiny BERT');
	expect(notices.error?.message).toMatch(/^Tiny BERT: /);
	notices.show(
		new AppError('library/no-room', { details: { name: 'Tiny BERT', needed: '2 GB' } }),
		'Tiny BERT'
	);
	expect(notices.error?.message).toMatch(/^Tiny BERT needs 2 GB more/);
});

test('goes away when it is dismissed', async () => {
	await notices.run(fail('download/offline'));
	notices.dismiss();
	expect(notices.error).toBeNull();
});
