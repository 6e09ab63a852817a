const { port1, port2 } = new MessageChannel();

/** Resolves in a task of its own. One at a time. */
export function ownTask(): Promise<void> {
	return new Promise((resolve) => {
		port1.onmessage = () => resolve();
		port2.postMessage(null);
	});
}
