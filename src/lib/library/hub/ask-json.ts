import * as z from 'zod/mini';
import { AppError } from '../../core/errors.ts';
import type { RangeSource } from '../../ports/range-source.ts';
import { readWhole } from './read-whole.ts';

// The content security policy forbids what zod compiles at run time; asking for it would be reported each time.
z.config({ jitless: true });

const answerLimit = 32e6;

export interface JsonAnswer<T> {
	readonly value: T;
	/** Its Link header. */
	readonly link: string | null;
}

/**
 * Reads JSON of that shape. Errors: `hub/bad-answer` with what is wrong with it, `download/offline`, `download/http`
 * with the host's status, `cancelled`.
 */
export async function askJson<T>(
	ranges: RangeSource,
	url: string,
	schema: z.ZodMiniType<T>,
	signal: AbortSignal
): Promise<JsonAnswer<T>> {
	const fail = (reason: string, cause?: unknown): AppError =>
		new AppError('hub/bad-answer', { details: { host: new URL(url).host, reason }, cause });
	const reply = await ranges.read(url, { from: 0 }, signal);
	const bytes = await readWhole(reply, answerLimit);
	if (!bytes) throw fail('it has more than 32 MB');
	const text = new TextDecoder().decode(bytes);
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (error) {
		throw fail(text.trimStart().startsWith('<') ? 'it is a web page' : 'it is no JSON', error);
	}
	const result = schema.safeParse(json);
	if (!result.success) throw fail(faultOf(result.error), result.error);
	return { value: result.data, link: reply.link ?? null };
}

function faultOf({ issues: [issue] }: z.core.$ZodError): string {
	const place = issue?.path.map(String).join('.');
	return place ? `its field ${place} is missing or wrong` : 'it is of another shape';
}
