import type { PassageFinder, QuestionLog } from '../migration/migration-ports.ts';

/** What an upgrade finds in chats and documents where there are none. */
export const noChats: { readonly questions: QuestionLog; readonly passages: PassageFinder } = {
	questions: { pastQuestions: () => Promise.resolve([]) },
	passages: { passagesFor: () => Promise.resolve([]) }
};
