import { beforeEach, describe, expect, test } from 'vitest';
import type { SessionNotes } from '../../ports/session-notes.ts';

export interface TabUnderTest {
	readonly notes: SessionNotes;
	/** The tab is closed or reloaded. */
	readonly end: () => void;
	/** It had been left for another page, and is shown again. */
	readonly comeBack: () => void;
}

/** The promises of `SessionNotes`, checked on one implementation. `openTab` opens one more tab of one browser. */
export function describeSessionNotes(name: string, openTab: () => TabUnderTest): void {
	describe(`${name} as SessionNotes`, () => {
		let tab: TabUnderTest;
		let next: TabUnderTest;

		beforeEach(() => {
			[tab, next] = [openTab(), openTab()];
			next.notes.clear();
		});

		test('know no two tabs by the same name', () => {
			expect(tab.notes.session).not.toBe(next.notes.session);
		});

		test('tell of a tab that was closed in good order', () => {
			tab.end();
			expect(next.notes.endedWell(tab.notes.session)).toBe(true);
		});

		test('do not tell that of a tab that is open, or was killed', () => {
			tab.end();
			const killed = openTab();
			expect(tab.notes.endedWell(next.notes.session)).toBe(false);
			expect(next.notes.endedWell(killed.notes.session)).toBe(false);
		});

		test('take back what they told of a tab that is shown again', () => {
			tab.end();
			tab.comeBack();
			expect(next.notes.endedWell(tab.notes.session)).toBe(false);
			tab.end();
			expect(next.notes.endedWell(tab.notes.session)).toBe(true);
		});

		test('forget every tab that has ended', () => {
			const other = openTab();
			tab.end();
			other.end();
			next.notes.clear();
			expect(next.notes.endedWell(tab.notes.session)).toBe(false);
			expect(next.notes.endedWell(other.notes.session)).toBe(false);
		});
	});
}
