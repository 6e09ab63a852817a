import type { ByteCursor } from './byte-cursor.ts';

/** A stretch of a file, in bytes from its beginning. */
export interface Span {
	readonly start: number;
	/** Behind the last byte. */
	readonly end: number;
}

/** Where a field with a length lies. */
export interface Place {
	/** Of the length. */
	readonly length: Span;
	/** Of what it counts. */
	readonly content: Span;
}

export interface Field {
	readonly number: number;
	/** Of an integer; else null. */
	readonly value: number | null;
	/** Of text, bytes, a message or a packed list; else null. */
	readonly place: Place | null;
}

/** Longer names and lists than that nobody writes. */
const maxBytes = 2 ** 16;

/**
 * Reads the fields of one message one by one. What a field holds is read before the next one is asked for, or passed
 * unread. Nothing is ever read beyond the message. Errors: `engine/bad-model`.
 */
export class MessageReader {
	readonly #cursor: ByteCursor;
	readonly #end: number;
	/** Where the next field begins. */
	#next: number;

	/** An infinite `end` stands for that of the file. */
	constructor(cursor: ByteCursor, end: number) {
		this.#cursor = cursor;
		this.#end = end;
		this.#next = cursor.offset;
	}

	/** Null at the end of the message. */
	async next(): Promise<Field | null> {
		const cursor = this.#cursor;
		await cursor.skip(this.#next - cursor.offset);
		const isOver = this.#end === Infinity ? !(await cursor.hasMore()) : cursor.offset === this.#end;
		if (isOver) return null;
		const tag = await cursor.varint();
		const number = Math.floor(tag / 8);
		if (number < 1 || number >= 2 ** 29) throw cursor.fault('a field has no number');
		const field = { number, ...(await this.#content(tag % 8)) };
		this.#next = field.place?.content.end ?? cursor.offset;
		if (this.#next > this.#end) throw cursor.fault('a part is longer than the whole');
		return field;
	}

	/** The text in a field. */
	text(field: Field): Promise<string> {
		const { start, end } = this.place(field).content;
		if (end - start > maxBytes) throw this.#cursor.fault('a name is too long');
		return this.#cursor.text(end - start);
	}

	/** The integers in a field: one, or a packed list. */
	async integers(field: Field): Promise<readonly number[]> {
		if (field.value !== null) return [field.value];
		const { start, end } = this.place(field).content;
		if (end - start > maxBytes) throw this.#cursor.fault('a list is too long');
		const integers: number[] = [];
		while (this.#cursor.offset < end) integers.push(await this.#cursor.varint());
		if (this.#cursor.offset > end) throw this.#cursor.fault('a list ends within a number');
		return integers;
	}

	/** The fields of the message in a field. */
	message(field: Field): MessageReader {
		return new MessageReader(this.#cursor, this.place(field).content.end);
	}

	place({ number, place }: Field): Place {
		if (!place) throw this.#cursor.fault(`field ${number} is of the wrong kind`);
		return place;
	}

	async #content(wireType: number): Promise<Omit<Field, 'number'>> {
		const cursor = this.#cursor;
		switch (wireType) {
			case 0:
				return { value: await cursor.varint(), place: null };
			case 1:
			case 5:
				await cursor.skip(wireType === 1 ? 8 : 4);
				return { value: null, place: null };
			case 2:
				return { value: null, place: await this.#counted() };
			default:
				throw cursor.fault('a field is of no known kind');
		}
	}

	async #counted(): Promise<Place> {
		const lengthStart = this.#cursor.offset;
		const bytes = await this.#cursor.varint();
		const start = this.#cursor.offset;
		const end = start + bytes;
		if (bytes < 0 || !Number.isSafeInteger(end)) throw this.#cursor.fault('a length is no length');
		return { length: { start: lengthStart, end: start }, content: { start, end } };
	}
}
