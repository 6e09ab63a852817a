import DOMPurify from 'dompurify';
import { AppError } from '../core/errors.ts';

const tags =
	'a b blockquote br code del em h3 h4 h5 h6 hr i li ol p pre s strong sub sup table tbody td th thead tr ul';
const attributes = 'align aria-label class href rel start target title';

/**
 * The HTML with nothing in it that runs, loads or looks like the app itself: only the elements of text. Main thread
 * only. It is the second wall: what goes in should be safe already.
 */
export function sanitiseHtml(html: string): string {
	// Without a DOM it would let everything through.
	if (!DOMPurify.isSupported)
		throw new AppError('bug', { details: { reason: 'HTML can be sanitised in a page only' } });
	return DOMPurify.sanitize(html, {
		ALLOWED_TAGS: tags.split(' '),
		ALLOWED_ATTR: attributes.split(' '),
		// What DOMPurify would otherwise hold to be addresses.
		ADD_URI_SAFE_ATTR: ['align', 'aria-label', 'rel', 'start', 'target'],
		ALLOW_DATA_ATTR: false,
		ALLOW_ARIA_ATTR: false,
		ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|[#?]|\/(?!\/))/i
	});
}
