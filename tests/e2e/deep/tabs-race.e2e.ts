import { test } from '../profile.ts';
import { raceTabs } from '../race-tabs.ts';

for (const seed of [2, 3]) {
	test(`three tabs that come, go and take over run one upgrade, once (seed ${seed})`, async ({
		profile
	}) => {
		test.setTimeout(300_000);
		await raceTabs(profile, seed);
	});
}
