import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../core/generation.ts';
import { fitMessages } from './fit-messages.ts';

const say = (role: ChatMessage['role'], content: string): ChatMessage => ({ role, content });
const system = say('system', 'Be brief.');
const question = say('user', 'What is a heron?');
const answer = say('assistant', 'A bird.');
const more = say('user', 'Where does it live?');

const write = (messages: readonly ChatMessage[]): string =>
	messages.map(({ role, content }) => `${role}: ${content.trim()}`).join(' | ');

/** A template that takes only what the rule allows. */
const strict =
	(rule: (messages: readonly ChatMessage[]) => boolean) =>
	(messages: readonly ChatMessage[]): string => {
		if (!rule(messages)) throw new Error('not supported');
		return write(messages);
	};
const withoutSystem = strict((messages) => messages.every(({ role }) => role !== 'system'));
const inTurns = strict((messages) =>
	messages.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'))
);

describe('fitMessages', () => {
	it('leaves messages alone that the template takes', () => {
		expect(fitMessages([system, question, answer, more], write)).toBe(
			'system: Be brief. | user: What is a heron? | assistant: A bird. | user: Where does it live?'
		);
	});

	it('folds what the system says into the first question', () => {
		expect(fitMessages([system, question, answer, more], withoutSystem)).toBe(
			'user: Be brief.\n\nWhat is a heron? | assistant: A bird. | user: Where does it live?'
		);
	});

	it('folds it also where the template would leave it out silently', () => {
		const silent = (messages: readonly ChatMessage[]) =>
			write(messages.filter(({ role }) => role !== 'system'));
		expect(fitMessages([system, question], silent)).toBe('user: Be brief.\n\nWhat is a heron?');
	});

	it('is not misled by a template that trims', () => {
		const padded = say('system', '\n  Be brief.\n');
		expect(fitMessages([padded, question], write)).toContain('system: Be brief.');
	});

	it('makes one message of several by the same side', () => {
		expect(fitMessages([question, more, answer, answer, more], inTurns)).toBe(
			'user: What is a heron?\n\nWhere does it live? | assistant: A bird.\n\nA bird. | user: Where does it live?'
		);
	});

	it('begins with a question where it must', () => {
		expect(fitMessages([answer, more], inTurns)).toBe('user: Where does it live?');
		expect(fitMessages([system, answer, more], inTurns)).toBe(
			'user: Be brief.\n\nWhere does it live?'
		);
	});

	it('keeps a system message that stands alone', () => {
		expect(fitMessages([system], withoutSystem)).toBe('user: Be brief.');
	});

	it('throws what the template throws where nothing helps', () => {
		const never = () => {
			throw new Error('broken');
		};
		expect(() => fitMessages([question], never)).toThrow('broken');
		expect(() => fitMessages([system, question], () => 'nothing')).toThrow('leaves the system');
	});
});
