import { AppError, hasCode } from '../../core/errors.ts';
import type { RangeSource } from '../../ports/range-source.ts';

/** The catalog at that address as it came, unchecked. Errors: `catalog/unreachable`, `catalog/invalid` for no JSON. */
export async function readCatalog(ranges: RangeSource, url: string): Promise<unknown> {
	try {
		const { body } = await ranges.read(url, { from: 0 }, new AbortController().signal);
		const text = await new Response(body).text();
		return parse(text);
	} catch (cause) {
		throw hasCode(cause, 'catalog/invalid')
			? cause
			: new AppError('catalog/unreachable', { cause });
	}
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new AppError('catalog/invalid', { details: { reason: 'it is not JSON' }, cause });
	}
}
