import { adapterStore } from '../adapters/adapter-records.ts';
import type { Setup } from '../core/setup.ts';
import { adapterNotice } from './adapter-notice.ts';
import { sameChoice } from './engine-on-trial.ts';
import type { Services } from './services.ts';

type Parts = Pick<Services, 'setup' | 'adapters' | 'feed'> & {
	readonly parts: Pick<Services['parts'], 'records'>;
};

/**
 * Has those adapters on that are wanted and fit the chat engine in use. Where that engine is another one than in `before`,
 * resolves with what has become of adapters, in a line for people; null where there is nothing to tell.
 */
export async function keepAdapters(
	{ parts, setup, adapters, feed }: Parts,
	before: Setup | null
): Promise<string | null> {
	const record = await setup.read();
	if (!record) return null;
	const { current } = record;
	// Most devices have none, and need none of this.
	const some = current.adapters.length > 0 || (await parts.records.count(adapterStore)) > 0;
	if (!some) return null;
	const since = before && !sameChoice(before.chat, current.chat) ? before : current;
	const changes = await (await adapters()).keeper.bringInLine(undefined, since);
	feed.announce('adapters');
	return adapterNotice(changes);
}
