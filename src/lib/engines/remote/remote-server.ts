import type { EmbeddingSpec, Task } from '../../core/model-spec.ts';
import type { StoreOf } from '../../ports/record-store.ts';

/** A model that a server offers. */
export interface ServedModel {
	/** As the server names it. */
	readonly model: string;
	/** Prompt plus answer, in tokens; null where the server does not say. */
	readonly contextTokens: number | null;
}

/** A model of a server that the user has chosen to use. */
export interface RemoteModel {
	readonly model: string;
	readonly tasks: readonly Task[];
	readonly contextTokens: number;
	/** Of its vectors, as a probe found; null where it does not embed here. */
	readonly dims: number | null;
	/** Written before each text that is embedded; null for none. */
	readonly prefixes: EmbeddingSpec['prefixes'] | null;
}

/** An OpenAI-compatible server that the user has added. */
export interface RemoteServer {
	/** From the address: the same server has the same id again after it was removed and added. */
	readonly id: string;
	/** For people. */
	readonly name: string;
	/** Absolute, without a slash at its end: `http://localhost:11434/v1`. */
	readonly url: string;
	/** Stays in this row: it goes to the server, and into nothing that is shown, logged or exported. */
	readonly key: string | null;
	/** What the server offered when it was last asked. */
	readonly offered: readonly ServedModel[];
	readonly models: readonly RemoteModel[];
	/** Epoch milliseconds. */
	readonly addedAt: number;
}

export const remoteServerStore: StoreOf<RemoteServer, string> = {
	name: 'remote-servers',
	keyOf: (row) => row.id
};
