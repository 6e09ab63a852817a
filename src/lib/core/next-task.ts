/**
 * Resolves in the next task of the event loop: messages (a cancel among them) get their turn in between, and everything
 * that waits on promises alone has run by then.
 */
export function nextTask(): Promise<void> {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(null);
	});
}
