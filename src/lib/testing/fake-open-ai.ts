import { nextTask } from '../core/next-task.ts';

/** A request as the server sees it. */
export interface SeenRequest {
	readonly method: string;
	/** Below the server's address: `/models`. */
	readonly path: string;
	readonly authorization: string | null;
	readonly body: Readonly<Record<string, unknown>>;
	/** True once the other side has closed the connection before it was answered in full. */
	closed: boolean;
}

/** What a server does instead of answering well. */
export type ServerFault =
	| {
			readonly kind: 'reply';
			readonly status: number;
			readonly body: string;
			readonly headers?: Readonly<Record<string, string>>;
	  }
	/** Streams so many events, then that text, or nothing more: the connection breaks. */
	| { readonly kind: 'break'; readonly after: number; readonly say?: string };

export interface ServerReply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	/** Null: the connection breaks here. */
	readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer> | null>;
}

const json = { 'content-type': 'application/json' };

/** What an OpenAI-compatible server does, without the network. Notes what it was asked. */
export class FakeOpenAi {
	readonly requests: SeenRequest[] = [];
	/** What it accepts; null: everything. */
	key: string | null = null;
	models: readonly object[] = [
		{ id: 'tiny-chat:1b', max_model_len: 4096 },
		{ id: 'org/tiny-embed', meta: { n_ctx_train: 512 } }
	];
	/** What it writes, piece by piece. */
	tokens: readonly string[] = ['You', ' asked', ' a', ' question', '.'];
	/** The same, said apart from the answer under this name. */
	reasoning: { readonly field: string; readonly tokens: readonly string[] } | null = null;
	/** Whether it knows these parameters. */
	countsTokens = true;
	stopsAtStrings = true;
	dims = 8;
	/** Of a text to embed. */
	maxCharacters = Infinity;
	/** Cuts what it streams into pieces of so many bytes, wherever that is; 0: one event a piece. */
	cutBytes = 0;
	fault: (request: SeenRequest) => ServerFault | null = () => null;
	/** Awaited before each piece of a stream. */
	pause: () => Promise<void> = nextTask;

	handle(request: SeenRequest): ServerReply {
		this.requests.push(request);
		const { path, method, authorization } = request;
		const fault = this.fault(request);
		if (fault?.kind === 'reply') return reply(fault.status, fault.headers ?? {}, fault.body);
		if (this.key !== null && authorization !== `Bearer ${this.key}`) {
			return complaint(401, `Incorrect API key provided: ${authorization ?? 'none'}.`);
		}
		if (method === 'GET' && path === '/models') {
			return reply(200, json, JSON.stringify({ object: 'list', data: this.models }));
		}
		if (method === 'POST' && path === '/chat/completions') return this.#chat(request, fault);
		if (method === 'POST' && path === '/embeddings') return this.#embeddings(request);
		return reply(404, { 'content-type': 'text/plain' }, '404 page not found');
	}

	/** The last request for that path. */
	last(path: string): SeenRequest | undefined {
		return this.requests.findLast((request) => request.path === path);
	}

	#knows(model: unknown): boolean {
		return this.models.some((each) => 'id' in each && each.id === model);
	}

	#chat({ body }: SeenRequest, fault: ServerFault | null): ServerReply {
		const { model } = body;
		if (!this.#knows(model)) return complaint(404, `model "${String(model)}" not found`);
		const most = typeof body.max_tokens === 'number' ? body.max_tokens : Infinity;
		const kept = this.#untilStop(body.stop).slice(0, most);
		const reason = kept.length < this.tokens.length && kept.length === most ? 'length' : 'stop';
		const events = [
			': ready',
			chunk({ role: 'assistant', content: '' }),
			...(this.reasoning?.tokens ?? []).map((text) => chunk({ [this.reasoning!.field]: text })),
			...kept.map((content) => chunk({ content })),
			chunk({}, reason)
		];
		const asksForUsage = (body.stream_options as { include_usage?: boolean } | undefined)
			?.include_usage;
		if (this.countsTokens && asksForUsage === true) {
			const usage = { prompt_tokens: 7, completion_tokens: kept.length };
			events.push(`data: ${JSON.stringify({ choices: [], usage })}`);
		}
		events.push('data: [DONE]');
		const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
		return { status: 200, headers, pieces: this.#stream(events, fault) };
	}

	#untilStop(stop: unknown): readonly string[] {
		if (!this.stopsAtStrings || !Array.isArray(stop)) return this.tokens;
		const at = this.tokens.findIndex((token) =>
			stop.some((text) => typeof text === 'string' && token.includes(text))
		);
		return at === -1 ? this.tokens : this.tokens.slice(0, at);
	}

	async *#stream(
		events: readonly string[],
		fault: ServerFault | null
	): AsyncGenerator<Uint8Array<ArrayBuffer> | null> {
		const breaks = fault?.kind === 'break' ? fault : null;
		const said = breaks ? [...events.slice(0, breaks.after), breaks.say ?? ''] : events;
		const bytes = said.filter(Boolean).map((event) => encode(`${event}\n\n`));
		for (const piece of this.cutBytes > 0 ? cut(bytes, this.cutBytes) : bytes) {
			await this.pause();
			yield piece;
		}
		if (breaks && breaks.say === undefined) yield null;
	}

	/** Last text first: the order says nothing, the index does. */
	#embeddings({ body }: SeenRequest): ServerReply {
		if (!this.#knows(body.model)) return complaint(404, 'no such model');
		const texts = [body.input].flat() as string[];
		if (texts.includes('')) return complaint(400, 'input must not be empty');
		if (texts.some(({ length }) => length > this.maxCharacters)) {
			return complaint(400, "This model's maximum context length is 16 tokens.");
		}
		const data = texts
			.map((text, index) => ({ object: 'embedding', index, embedding: this.vectorOf(text) }))
			.reverse();
		return reply(200, json, JSON.stringify({ object: 'list', data }));
	}

	/** Not of length 1. Texts with the same words are near each other, and the same text is always in the same place. */
	vectorOf(text: string): number[] {
		const vector = Array.from(
			{ length: this.dims },
			(_, at) => (hash(`${text}${at}`) % 100) / 1000
		);
		for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
			const place = hash(word) % this.dims;
			vector[place] = (vector[place] ?? 0) + 1;
		}
		return vector;
	}
}

function hash(text: string): number {
	let state = 0x811c9dc5;
	for (const letter of text) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
	return (state ^ (state >>> 15)) >>> 0;
}

function chunk(delta: object, finish: string | null = null): string {
	return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}`;
}

function complaint(status: number, message: string): ServerReply {
	return reply(status, json, JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
}

function reply(
	status: number,
	headers: Readonly<Record<string, string>>,
	body: string
): ServerReply {
	async function* pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
		await nextTask();
		yield encode(body);
	}
	return { status, headers, pieces: pieces() };
}

function encode(text: string): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(text);
}

function* cut(
	parts: readonly Uint8Array<ArrayBuffer>[],
	bytes: number
): Generator<Uint8Array<ArrayBuffer>> {
	const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
	for (let at = 0; at < whole.length; at += bytes) yield whole.slice(at, at + bytes);
}
