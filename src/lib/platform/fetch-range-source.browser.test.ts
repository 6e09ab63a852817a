import { expect, test } from 'vitest';
import { readAll } from '../testing/read-all.ts';
import { FetchRangeSource } from './fetch-range-source.ts';

const never = new AbortController().signal;
const source = new FetchRangeSource();
const file = '/catalog.json';

test('the browser reads a file and parts of it from a real server', async () => {
	const whole = await source.read(file, { from: 0 }, never);
	const all = await readAll(whole.body);
	expect(whole).toMatchObject({ from: 0, validator: expect.any(String) as string });

	const part = await source.read(file, { from: 5, until: 15 }, never);
	const bytes = await readAll(part.body);
	expect(bytes).toEqual(all.slice(part.from, part.from + bytes.length));
});

test('the browser tells a refused connection from a cancelled one', async () => {
	// Nothing listens on the discard port.
	const url = 'http://127.0.0.1:9/file';
	await expect(source.read(url, { from: 0 }, never)).rejects.toMatchObject({
		code: 'download/offline'
	});
	const controller = new AbortController();
	const reading = source.read(file, { from: 0 }, controller.signal);
	controller.abort();
	await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
});
