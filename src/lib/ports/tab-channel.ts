/** Messages to the other tabs of this origin. Hints only: a receiver re-reads what it is told about. */
export interface TabChannel<Message extends { readonly type: string }> {
	/** Reaches every other listener on the channel, never the sender. */
	post(message: Message): void;
	/** Returns the function that stops listening. */
	listen(handler: (message: Message) => void): () => void;
	close(): void;
}
