/** Does something with each item, at most so many at once, in their order. After a failure nothing new begins. */
export async function sideBySide<Item>(
	items: Iterable<Item>,
	atOnce: number,
	work: (item: Item) => Promise<unknown>
): Promise<void> {
	const waiting = items[Symbol.iterator]();
	let hasFailed = false;
	const lane = async (): Promise<void> => {
		for (let next = waiting.next(); !next.done && !hasFailed; next = waiting.next()) {
			try {
				await work(next.value);
			} catch (error) {
				hasFailed = true;
				throw error;
			}
		}
	};
	await Promise.all(Array.from({ length: atOnce }, lane));
}
