import type { Page } from '@playwright/test';

/** What the app has stored under that name, read past it: the rows of one store of its database. */
export function storedRows<Row>(page: Page, store: string): Promise<Row[]> {
	return page.evaluate(
		(name) =>
			new Promise<never[]>((resolve, reject) => {
				const opening = indexedDB.open('sam');
				opening.onerror = () => reject(new Error('The database cannot be opened.'));
				opening.onsuccess = () => {
					const database = opening.result;
					const reading = database.transaction(name).objectStore(name).getAll();
					reading.onsuccess = () => {
						database.close();
						resolve(reading.result as never[]);
					};
				};
			}),
		store
	);
}
