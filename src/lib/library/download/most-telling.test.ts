import { expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { mostTelling } from './most-telling.ts';

const offline = new AppError('download/offline');
const refused = new AppError('download/http', { details: { status: 403 } });
const gone = new AppError('download/http', { details: { status: 404 } });
const page = new AppError('download/web-page');
const wrong = new AppError('download/digest-mismatch');

test.each([
	['wrong bytes before everything', [page, wrong, refused], wrong],
	['a page before a status', [refused, page], page],
	['a refusal before silence', [refused, offline], refused],
	['of two alike the last', [refused, gone], gone],
	['the only one', [offline], offline]
])('%s', (_, errors, told) => {
	expect(mostTelling(errors)).toBe(told);
});
