/**
 * Answers the page's one question: runs `work` on it and tells how long that took, or what went wrong. `clean` runs
 * afterwards and is not counted.
 */
export function answerWithTime(
	work: (question: never) => Promise<void>,
	clean: () => Promise<unknown>
): void {
	const answer = async (question: never): Promise<number> => {
		const start = performance.now();
		await work(question);
		const time = performance.now() - start;
		await clean();
		return time;
	};
	addEventListener('message', ({ data }: MessageEvent) => {
		answer(data as never).then(
			(time) => postMessage(time),
			(error: unknown) => postMessage(String(error))
		);
	});
}
