import { expect, test } from 'vitest';
import { SectionBuilder } from './section-builder.ts';

test('puts paragraphs under the path of headings above them', () => {
	const builder = new SectionBuilder();
	builder.paragraph('before');
	builder.heading(1, 'Animals');
	builder.heading(2, ' Big\n cats ');
	builder.paragraph('lion');
	builder.paragraph('tiger');
	builder.heading(2, 'Birds');
	builder.paragraph('owl');
	builder.heading(1, 'Plants');
	builder.paragraph('oak');
	expect(builder.finish()).toEqual([
		{ headings: [], page: null, text: 'before' },
		{ headings: ['Animals', 'Big cats'], page: null, text: 'lion\n\ntiger' },
		{ headings: ['Animals', 'Birds'], page: null, text: 'owl' },
		{ headings: ['Plants'], page: null, text: 'oak' }
	]);
});

test('a skipped level does not hold on to headings that it closes', () => {
	const builder = new SectionBuilder();
	builder.heading(1, 'One');
	builder.heading(4, 'Four');
	builder.heading(2, 'Two');
	builder.paragraph('text');
	expect(builder.finish().at(-1)?.headings).toEqual(['One', 'Two']);
});

test('keeps the words of headings that have nothing below them', () => {
	const builder = new SectionBuilder();
	builder.heading(1, 'Agenda');
	builder.heading(2, 'Welcome');
	builder.heading(2, 'Goodbye');
	expect(builder.finish()).toEqual([
		{ headings: ['Agenda'], page: null, text: 'Welcome' },
		{ headings: ['Agenda'], page: null, text: 'Goodbye' }
	]);
});

test('a new page starts a section and keeps the headings', () => {
	const builder = new SectionBuilder();
	builder.page(1);
	builder.heading(1, 'Results');
	builder.paragraph('first');
	builder.page(2);
	builder.paragraph('second');
	expect(builder.finish()).toEqual([
		{ headings: ['Results'], page: 1, text: 'first' },
		{ headings: ['Results'], page: 2, text: 'second' }
	]);
});

test('blank paragraphs and headings leave no trace', () => {
	const builder = new SectionBuilder();
	builder.heading(1, '  ');
	builder.paragraph(' \n\n ');
	expect(builder.finish()).toEqual([]);
});
