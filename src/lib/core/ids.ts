import type { Brand } from './brand.ts';

/** 64 lower-case hex characters. */
export type Sha256 = Brand<string, 'Sha256'>;
/** Id of a catalog entry, e.g. `starter-1` or `all-minilm-l6-v2-q8`: a model, at whatever revision is offered. */
export type EntryId = Brand<string, 'EntryId'>;
/** A model at one revision, byte for byte: `starter-1`, `all-minilm-l6-v2-q8@751bff37182d`. */
export type ModelId = Brand<string, 'ModelId'>;
/** SHA-256 over the files of a LoRA adapter: the same bytes, the same adapter. */
export type AdapterId = Brand<string, 'AdapterId'>;
/** Fingerprint of an `IndexSpec`: equal ids mean one vector space. */
export type IndexId = Brand<string, 'IndexId'>;
export type DocumentId = Brand<string, 'DocumentId'>;
export type ConversationId = Brand<string, 'ConversationId'>;
export type MessageId = Brand<string, 'MessageId'>;
export type PlanId = Brand<string, 'PlanId'>;

/** A fresh random id (UUID v4), to be branded by the caller: `newId() as PlanId`. */
export function newId(): string {
	return crypto.randomUUID();
}
