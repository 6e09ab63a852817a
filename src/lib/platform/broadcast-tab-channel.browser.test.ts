import { newId } from '../core/ids.ts';
import { describeTabChannel, type Hint } from '../testing/contracts/tab-channel.ts';
import { BroadcastTabChannel } from './broadcast-tab-channel.ts';

describeTabChannel('BroadcastTabChannel', (count) => {
	const name = `test-${newId()}`;
	return Array.from({ length: count }, () => new BroadcastTabChannel<Hint>(name));
});
