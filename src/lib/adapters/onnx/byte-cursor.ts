import { AppError } from '../../core/errors.ts';
import { pieceReader, type PieceReader } from '../../core/piece-reader.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const varintBytes = 10;
/** Of names. Models have a hundredth of that; a file of nothing but names must not fill the memory. */
const maxText = 64 * 2 ** 20;
const utf8 = new TextDecoder();

/** Reads a stream of Protocol Buffers from front to back and keeps nothing of what it passes. */
export class ByteCursor {
	readonly #pieces: PieceReader;
	readonly #name: string;
	#piece: Bytes = new Uint8Array();
	#at = 0;
	/** Where the piece begins in the stream. */
	#start = 0;
	#textBytes = 0;

	/** `name` is that of the model, for messages. */
	constructor(stream: ReadableStream<Bytes>, name: string) {
		this.#pieces = pieceReader(stream);
		this.#name = name;
	}

	/** Bytes passed so far. */
	get offset(): number {
		return this.#start + this.#at;
	}

	/** Whether anything is left. */
	async hasMore(): Promise<boolean> {
		return (await this.#buffered(1)) > 0;
	}

	/**
	 * The next integer of up to 64 bits, as `int64` reads it; beyond 2⁵³ it is rounded. Errors: `engine/bad-model`.
	 */
	async varint(): Promise<number> {
		const available = await this.#buffered(varintBytes);
		let value = 0;
		for (let index = 0; index < Math.min(available, varintBytes); index++) {
			const byte = this.#piece[this.#at + index] ?? 0;
			value += (byte & 0x7f) * 2 ** (7 * index);
			if (byte >= 0x80) continue;
			const start = this.#at;
			this.#at += index + 1;
			return index < varintBytes - 1 ? value : signed(this.#piece.subarray(start, this.#at));
		}
		throw this.fault(available < varintBytes ? 'it ends too early' : 'a number has no end');
	}

	/** The next `length` bytes as text. Errors: `engine/bad-model`. */
	async text(length: number): Promise<string> {
		this.#textBytes += length;
		if (this.#textBytes > maxText) throw this.fault('its names are too long');
		if ((await this.#buffered(length)) < length) throw this.fault('it ends too early');
		const text = utf8.decode(this.#piece.subarray(this.#at, this.#at + length));
		this.#at += length;
		return text;
	}

	/** Passes `length` bytes unread. Errors: `engine/bad-model`. */
	async skip(length: number): Promise<void> {
		let left = length;
		for (;;) {
			const step = Math.min(left, this.#piece.byteLength - this.#at);
			this.#at += step;
			left -= step;
			if (left === 0) return;
			if (!(await this.#nextPiece())) throw this.fault('it ends too early');
		}
	}

	/** Nothing more is wanted. */
	cancel(): Promise<void> {
		return this.#pieces.cancel();
	}

	/** An error that says what is wrong with the file, and where. */
	fault(reason: string): AppError {
		return new AppError('engine/bad-model', {
			details: { name: this.#name, reason: `${reason} (at byte ${this.offset} of its graph)` }
		});
	}

	/** Tries to have that many bytes at hand; says how many there are, fewer only at the end. */
	async #buffered(wanted: number): Promise<number> {
		while (this.#piece.byteLength - this.#at < wanted) {
			const rest = this.#piece.slice(this.#at);
			if (!(await this.#nextPiece())) break;
			if (rest.byteLength === 0) continue;
			const joined = new Uint8Array(rest.byteLength + this.#piece.byteLength);
			joined.set(rest);
			joined.set(this.#piece, rest.byteLength);
			this.#start -= rest.byteLength;
			this.#piece = joined;
		}
		return this.#piece.byteLength - this.#at;
	}

	/** Replaces the piece. What was not read of the old one is for the caller to keep. */
	async #nextPiece(): Promise<boolean> {
		const next = await this.#pieces.next();
		if (!next) return false;
		this.#start += this.#piece.byteLength;
		this.#piece = next;
		this.#at = 0;
		return true;
	}
}

/** Ten bytes are needed for what has the highest of 64 bits set: negative numbers. */
function signed(bytes: Bytes): number {
	let value = 0n;
	for (const [index, byte] of bytes.entries()) value |= BigInt(byte & 0x7f) << BigInt(7 * index);
	return Number(BigInt.asIntN(64, value));
}
