import { startFakeHub, type FakeHub, type FakeRequest } from '../fixtures/fake-hub/fake-hub.ts';
import type { FakeFault } from '../fixtures/fake-hub/send-bytes.ts';
import { hubDora, hubPickled, hubPirate } from './hub-adapters.ts';
import { bigBert, deepBert, deepBertNumbers, hubBert, strayBert } from './hub-models.ts';

/** A model hub of one test's own, which can be slow or wrong. Set what it does while it runs. */
export interface TestHub extends FakeHub {
	/** What it does wrong with a request; null for nothing. */
	fault: (request: FakeRequest) => FakeFault | null;
	/** Of each connection that begins from now on; 0 is as fast as it goes. */
	bytesPerSecond: number;
	/** Requests for the bytes of files whose path ends so, in order. */
	fileRequests(pathEnd: string): readonly FakeRequest[];
	/** Bytes of these files that it has sent so far. */
	sent(pathEnd: string): number;
}

export async function startTestHub(): Promise<TestHub> {
	const behaviour = { fault: (): FakeFault | null => null, bytesPerSecond: 0 };
	const models = [hubBert, bigBert(), strayBert, ...deepBertNumbers().map(deepBert)];
	const repositories = [...models, hubPirate, hubPickled, hubDora];
	const hub = await startFakeHub(Object.assign(behaviour, { repositories }));
	const fileRequests = (pathEnd: string): FakeRequest[] =>
		hub.requests.filter(
			({ kind, url }) => kind === 'file' && url.replace(/\?.*/, '').endsWith(pathEnd)
		);
	const controls = {
		fileRequests,
		sent: (pathEnd: string) => fileRequests(pathEnd).reduce((sum, { sent }) => sum + sent, 0)
	};
	return Object.assign(behaviour, hub, controls);
}
