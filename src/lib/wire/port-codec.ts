import { transferHandlers, type TransferHandler } from 'comlink';

/** Lets a MessagePort be an argument or result of a call over Comlink: it is handed over. Needed on both sides, once. */
export function installPortCodec(): void {
	const handler: TransferHandler<MessagePort, MessagePort> = {
		canHandle: (value): value is MessagePort => value instanceof MessagePort,
		serialize: (port) => [port, [port]],
		deserialize: (port) => port
	};
	transferHandlers.set('port', handler);
}
