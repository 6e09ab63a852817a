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
	const lines = adapters.map((outlook) => effectOf(outlook, chat.name));
	const of = (list: keyof Effects): string[] =>
		lines.filter(([where]) => where === list).map(([, line]) => line);
	return { kept: of('kept'), changed: of('changed'), lost: [...of('lost'), ...unknown(request)] };
}

function effectOf(
	{ name, on, after, reason }: AdapterOutlook,
	engine: string
): [keyof Effects, string] {
	const adapter = `The adapter “${name}”`;
	if (after === 'needs-check') {
		return [
			'changed',
			`${adapter} will be tried with ${engine} before the switch, and is on afterwards if it works. ${reason}`
		];
	}
	if (after === 'active') {
		return on
			? ['kept', `${adapter} stays on. ${reason}`]
			: ['changed', `${adapter} is on again from the switch on. ${reason}`];
	}
	if (!on) return ['kept', `${adapter} is kept, and stays off. ${reason}`];
	return [
		'lost',
		`${adapter} is kept but off from the switch on. ${reason} It comes back by itself with an undo, or when its base is in use again.`
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
