import { describeSessionNotes } from './contracts/session-notes.ts';
import { MemorySessionNotes } from './memory-session-notes.ts';

const browser = new MemorySessionNotes();

describeSessionNotes('MemorySessionNotes', () => {
	const notes = browser.anotherTab();
	return { notes, end: () => notes.end(), comeBack: () => notes.comeBack() };
});
