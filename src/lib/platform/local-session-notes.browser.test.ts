import { afterEach, expect, test } from 'vitest';
import { describeSessionNotes } from '../testing/contracts/session-notes.ts';
import { LocalSessionNotes } from './local-session-notes.ts';

afterEach(() => localStorage.clear());

describeSessionNotes('LocalSessionNotes', () => {
	const scope = new EventTarget();
	return {
		notes: new LocalSessionNotes({ scope }),
		end: () => scope.dispatchEvent(new Event('pagehide')),
		comeBack: () => scope.dispatchEvent(new Event('pageshow'))
	};
});

test('leaves what others have stored', () => {
	localStorage.setItem('other', 'kept');
	new LocalSessionNotes({ scope: new EventTarget() }).clear();
	expect(localStorage.getItem('other')).toBe('kept');
});

test('a page that is really left is known to the next one', async () => {
	const frame = document.createElement('iframe');
	document.body.append(frame);
	const scope = frame.contentWindow;
	expect(scope).not.toBeNull();
	const notes = new LocalSessionNotes(scope ? { scope } : {});
	const gone = new Promise((resolve) => scope?.addEventListener('pagehide', resolve));
	frame.remove();
	await gone;
	expect(new LocalSessionNotes().endedWell(notes.session)).toBe(true);
});
