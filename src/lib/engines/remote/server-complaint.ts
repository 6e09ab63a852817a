import { AppError } from '../../core/errors.ts';
import { countIn, fieldsOf, isFields, listIn, textIn, type Fields } from './json-fields.ts';

/** What a server said instead of doing what it was asked. */
export interface ServerComplaint {
	/** Host and port. */
	readonly server: string;
	/** Null where it had begun to answer. */
	readonly status: number | null;
	/** The body as it came. */
	readonly text: string;
	readonly retryAfter?: number;
	/** The key that was sent: whatever the server repeats, it is not shown. */
	readonly key: string | null;
}

const longestReason = 200;

/**
 * A complaint as an error of ours: `remote/unauthorised`, `engine/context-overflow` with `limit` and `asked` where the
 * server tells them, else `remote/refused` with the server's own words, shortened.
 */
export function complaintError(complaint: ServerComplaint): AppError {
	const { server, status, text, key } = complaint;
	if (status === 401 || status === 403) {
		return new AppError('remote/unauthorised', { details: { server } });
	}
	const fields = errorFields(text);
	const said = withoutKey(fields ? messageOf(fields) : plainText(text), key);
	const overflow = overflowOf(said, fields ?? {});
	if (overflow) {
		return new AppError('engine/context-overflow', { details: { server, ...overflow } });
	}
	return new AppError('remote/refused', { details: { server, reason: reasonOf(said, complaint) } });
}

/** Whether a text that should be an answer is a complaint, whatever its status. */
export function isComplaint(text: string): boolean {
	if (!text.includes('"error"')) return false;
	const { error } = fieldsOf(parsed(text));
	return isFields(error) || (typeof error === 'string' && error !== '');
}

/** The fields of the error in that text; null where it holds none. */
function errorFields(text: string): Fields | null {
	const whole = parsed(text);
	if (!isFields(whole)) return null;
	const { error } = whole;
	if (isFields(error)) return error;
	if (typeof error === 'string') return { ...whole, message: error };
	return textIn(whole, 'message', 'detail') !== '' || Array.isArray(whole.detail) ? whole : null;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return null;
	}
}

function messageOf(fields: Fields): string {
	const details = listIn(fields, 'detail').map((each) => textIn(fieldsOf(each), 'msg'));
	return oneLine(textIn(fields, 'message', 'detail') || details.filter(Boolean).join('; '));
}

/** A web page says nothing that helps. */
function plainText(text: string): string {
	return /^\s*[<{[]/.test(text) ? '' : oneLine(text);
}

function oneLine(text: string): string {
	return text.replaceAll(/\s+/g, ' ').trim();
}

/** What is shorter is no secret, but what people write where a key is asked for and none is needed. */
const shortestKey = 4;

function withoutKey(text: string, key: string | null): string {
	return key === null || key.length < shortestKey ? text : text.replaceAll(key, '…');
}

function reasonOf(said: string, { status, retryAfter }: ServerComplaint): string {
	const short = said.length > longestReason ? `${said.slice(0, longestReason).trimEnd()}…` : said;
	const reason = short.replace(/\.$/, '') || statusWords(status);
	if (retryAfter === undefined) return reason;
	return `${reason}; it asks to wait ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}`;
}

function statusWords(status: number | null): string {
	if (status === null) return 'it does not say why';
	if (status === 404) return 'it has nothing at this address, or not this model (status 404)';
	if (status === 429) return 'too many requests';
	return `it answered with status ${status}`;
}

const overflows: readonly RegExp[] = [
	/maximum context length/i,
	/exceeds? the (available |maximum )?context/i,
	/context (the )?overflow/i,
	/too large to process/i,
	/prompt is too long/i
];

function overflowOf(
	said: string,
	fields: Fields
): { readonly limit?: number; readonly asked?: number } | null {
	const isOne =
		textIn(fields, 'code') === 'context_length_exceeded' ||
		textIn(fields, 'type') === 'exceed_context_size_error' ||
		overflows.some((pattern) => pattern.test(said));
	if (!isOne) return null;
	const limit =
		countIn(fields, 'n_ctx') ??
		numberBy(said, /maximum context length is (\d+)/i, /context size \((\d+)/i) ??
		numberBy(said, /context length of only (\d+)/i, /batch size: (\d+)/i);
	const asked =
		countIn(fields, 'n_prompt_tokens') ??
		numberBy(said, /requested (\d+) tokens/i, /(?:request|input) \((\d+) tokens/i) ??
		numberBy(said, /has (\d+) input tokens/i);
	return { ...(limit !== undefined && { limit }), ...(asked !== undefined && { asked }) };
}

function numberBy(text: string, ...patterns: readonly RegExp[]): number | undefined {
	for (const pattern of patterns) {
		const found = pattern.exec(text)?.[1];
		if (found !== undefined) return Number(found);
	}
	return undefined;
}
