/** Packages that are large enough to be kept for offline use only once they are needed. */
const runtimes = new Map([
	['/@huggingface/transformers/', 'transformers'],
	['/@mlc-ai/web-llm/', 'web-llm'],
	['/pdfjs-dist/', 'pdf']
]);

/**
 * Names what workers import on demand after what is in it: by these names the service worker tells what is kept from the
 * start, and finds what an older version kept in a newer one. SvelteKit names these files by their hashes alone.
 * @returns {import('vite').Plugin}
 */
export function nameWorkerChunks() {
	return {
		name: 'name-worker-chunks',
		enforce: 'post',
		config: () => ({
			worker: {
				rolldownOptions: {
					output: {
						chunkFileNames: ({ name, moduleIds }) => {
							const runtime = [...runtimes].find(([path]) =>
								moduleIds.some((id) => id.replaceAll('\\', '/').includes(path))
							);
							return `_app/immutable/workers/chunks/${runtime?.[1] ?? name}-[hash].js`;
						}
					}
				}
			}
		})
	};
}
