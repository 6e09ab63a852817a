import { appOrigin, describeHttpClient } from './contracts/http-client.ts';
import { FakeHttpClient } from './fake-http-client.ts';
import { FakeOpenAi } from './fake-open-ai.ts';

describeHttpClient('The client without a network', async () => {
	const server = new FakeOpenAi();
	const url = 'http://fake.test/v1';
	const client = new FakeHttpClient(server, url, appOrigin);
	return { client, url, server, stop: () => void (client.down = true) };
});
