/** The worker answers once, with milliseconds or with what went wrong. It is ended then. */
export function askWorker(worker: Worker, question: unknown): Promise<number> {
	return new Promise<number>((resolve, reject) => {
		worker.onmessage = ({ data }: MessageEvent<number | string>) =>
			typeof data === 'number' ? resolve(data) : reject(new Error(data));
		worker.onerror = (event) => reject(new Error(event.message));
		worker.postMessage(question);
	}).finally(() => worker.terminate());
}
