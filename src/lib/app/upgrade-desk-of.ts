import { chatSizes } from '../chat/chat-sizes.ts';
import type { ConversationStore } from '../chat/conversation-store.ts';
import { engineKinds } from '../engines/engine-infos.ts';
import { LicenceBook } from './licence-book.ts';
import { migrationSteps } from './migration-steps.ts';
import { TestPrompts } from './test-prompts.ts';
import { UpgradeDesk } from './upgrade-desk.ts';

type DeskParts = ConstructorParameters<typeof UpgradeDesk>[0];
type Own = 'engines' | 'customSteps' | 'licences' | 'testPrompts' | 'chatSizes';

/** The desk of the running app. Not part of the first page: upgrades are planned now and then. */
export function upgradeDeskOf({
	conversations,
	...parts
}: Omit<DeskParts, Own> & { readonly conversations: ConversationStore }): UpgradeDesk {
	const prompts = new TestPrompts(parts.records, parts.clock);
	return new UpgradeDesk({
		...parts,
		engines: engineKinds,
		customSteps: migrationSteps,
		licences: new LicenceBook(parts.records),
		testPrompts: () => prompts.list(),
		chatSizes: () => chatSizes(conversations)
	});
}
