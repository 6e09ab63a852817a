import { beforeEach, describe, expect, test } from 'vitest';
import { nextTask } from '../core/next-task.ts';
import { LibraryHosts } from './library-hosts.ts';

const mirror = 'https://mirror.example';
let done: string[];
let leads: boolean;
let hosts: LibraryHosts;

beforeEach(() => {
	done = [];
	leads = true;
	hosts = new LibraryHosts({
		allowOrigins: async (origins) => void done.push(`allow ${origins.join(' ')}`),
		library: {
			stop: ({ code }) => void done.push(`stop ${code}`),
			resumeAll: async () => void done.push('resume')
		},
		leads: () => leads
	});
});

test('the worker is started anew under the new policy, and its downloads go on', async () => {
	await hosts.apply([mirror]);
	expect(done).toEqual([`allow ${mirror}`, 'stop cancelled', 'resume']);
});

test('nothing is stopped for hosts that may be reached already', async () => {
	await hosts.apply([]);
	await hosts.apply([mirror, 'https://b.example']);
	done = [];
	await hosts.apply(['https://b.example', mirror]);
	expect(done).toEqual([]);
});

test('a host that the user takes back may not be reached any more', async () => {
	await hosts.apply([mirror]);
	done = [];
	await hosts.apply([]);
	expect(done[0]).toBe('allow ');
});

test('a tab that does not lead downloads nothing', async () => {
	leads = false;
	await hosts.apply([mirror]);
	expect(done).not.toContain('resume');
});

test('two wishes at once do not end one another', async () => {
	const other = 'https://b.example';
	await Promise.all([hosts.apply([mirror]), hosts.apply([mirror]), hosts.apply([mirror, other])]);
	expect(done).toEqual([
		...[`allow ${mirror}`, 'stop cancelled', 'resume'],
		...[`allow ${mirror} ${other}`, 'stop cancelled', 'resume']
	]);
});

test('a wish that failed does not hold up the next one', async () => {
	const refusing = new LibraryHosts({
		allowOrigins: ([origin]) =>
			origin === mirror ? Promise.reject(new Error('no worker')) : Promise.resolve(),
		library: { stop: () => undefined, resumeAll: async () => void done.push('resume') },
		leads: () => leads
	});
	await expect(refusing.apply([mirror])).rejects.toThrow('no worker');
	await refusing.apply(['https://b.example']);
	expect(done).toEqual(['resume']);
});

describe('workers wait until the hosts are known', () => {
	/** What became of a worker that waits to be started. */
	async function waiting(): Promise<string> {
		const started = hosts.known.then(() => 'started');
		return Promise.race([started, nextTask().then(() => 'waits')]);
	}

	test('which they are once they may be reached', async () => {
		expect(await waiting()).toBe('waits');
		await hosts.apply([mirror]);
		expect(await waiting()).toBe('started');
	});

	test('and when there are none', async () => {
		await hosts.apply([]);
		expect(await waiting()).toBe('started');
	});

	test('or when they cannot be known', async () => {
		hosts.giveUp();
		expect(await waiting()).toBe('started');
	});
});
