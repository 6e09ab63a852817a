import { spokenList } from '../core/spoken-list.ts';
import type { MigrationPlan } from './plan.ts';
import type { AdapterOutlook, Changes, UpgradeRequest } from './upgrade-request.ts';

type Effects = MigrationPlan['effects'];

/** What an upgrade does to each adapter that is on or wanted, by its name. None is ever deleted. */
export function adapterEffects(request: UpgradeRequest, { chat }: Changes): Effects {
	const { setup, adapters = [] } = request;
	if (!chat) {
		const kept = setup.adapters.length > 0 ? ['Your adapters stay as they are.'] : [];
		return { kept, changed: [], lost: [] };
	}
	const lines = alike(adapters).map((outlooks) => effectOf(outlooks, chat.name));
	const of = (list: keyof Effects): string[] =>
		lines.filter(([where]) => where === list).map(([, line]) => line);
	return { kept: of('kept'), changed: of('changed'), lost: [...of('lost'), ...unknown(request)] };
}

/** What becomes of several for the same reason is told once. */
function alike(adapters: readonly AdapterOutlook[]): [AdapterOutlook, ...AdapterOutlook[]][] {
	const groups = new Map<string, [AdapterOutlook, ...AdapterOutlook[]]>();
	for (const outlook of adapters) {
		const { on, after, reason } = outlook;
		const key = JSON.stringify([on, after, reason]);
		const group = groups.get(key);
		if (group) group.push(outlook);
		else groups.set(key, [outlook]);
	}
	return [...groups.values()];
}

function effectOf(
	outlooks: readonly [AdapterOutlook, ...AdapterOutlook[]],
	engine: string
): [keyof Effects, string] {
	const [{ on, after, reason }] = outlooks;
	const one = outlooks.length === 1;
	const names = outlooks.map(({ name }) => `“${name}”`);
	const adapters = `The ${one ? 'adapter' : 'adapters'} ${spokenList(names, Infinity)}`;
	const are = one ? 'is' : 'are';
	if (after === 'needs-check') {
		const works = one ? 'it works' : 'they work';
		return [
			'changed',
			`${adapters} will be tried with ${engine} before the switch, and ${are} on afterwards if ${works}. ${reason}`
		];
	}
	if (after === 'active') {
		return on
			? ['kept', `${adapters} ${one ? 'stays' : 'stay'} on. ${reason}`]
			: ['changed', `${adapters} ${are} on again from the switch on. ${reason}`];
	}
	if (!on) {
		return ['kept', `${adapters} ${are} kept, and ${one ? 'stays' : 'stay'} off. ${reason}`];
	}
	const back = one ? 'It comes back by itself' : 'They come back by themselves';
	return [
		'lost',
		`${adapters} ${are} kept but off from the switch on. ${reason} ${back} with an undo, or when ${one ? 'its' : 'their'} base is in use again.`
	];
}

/** Adapters that are on and that nobody said anything of. */
function unknown({ setup, adapters = [] }: UpgradeRequest): string[] {
	const told = new Set(adapters.map(({ use }) => use.adapter));
	const { length } = setup.adapters.filter(({ adapter }) => !told.has(adapter));
	if (length === 0) return [];
	return [
		`${length} ${length === 1 ? 'adapter' : 'adapters'} made for ${setup.chat.name} will be switched off; they come back with an undo.`
	];
}
