import { transfer } from 'comlink';

/** The value, whose buffers move to the other side of the call instead of being copied. Ours are empty afterwards. */
export function transferring<T extends object>(value: T, buffers: readonly Transferable[]): T {
	return transfer(value, [...buffers]);
}
