import { test } from './profile.ts';
import { raceTabs } from './race-tabs.ts';

test('three tabs that come, go and take over run one upgrade, once', async ({ profile }) => {
	test.setTimeout(300_000);
	await raceTabs(profile, 1);
});
