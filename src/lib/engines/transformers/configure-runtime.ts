import { env, LogLevel } from '@huggingface/transformers';
import { modelHost, type FileCache } from './file-cache.ts';
import { ortFiles } from './ort-files.ts';
import { threadCount } from './thread-count.ts';

/**
 * Makes the runtime read the files of one model from us and nothing from anywhere else. It knows one source of
 * files per worker, so no two models may load at the same time.
 */
export function configureRuntime(
	files: FileCache,
	device: 'wasm' | 'webgpu',
	threads = threadCount()
): void {
	env.logLevel = LogLevel.ERROR;
	env.useBrowserCache = false;
	env.useFSCache = false;
	env.useCustomCache = true;
	env.customCache = files;
	// Without the revision: parts of the runtime forget to pass it on, and our files have but one.
	env.remotePathTemplate = '{model}/';
	env.remoteHost = modelHost;
	env.allowLocalModels = false;
	// It insists on one of the two. What is not in the cache does not exist.
	env.allowRemoteModels = true;
	env.fetch = () => Promise.resolve(new Response(null, { status: 404 }));
	// Its own cache of the WebAssembly would be a second copy, started from a blob: URL that our CSP forbids.
	env.useWasmCache = false;
	const { wasm } = env.backends.onnx;
	if (!wasm) return;
	wasm.wasmPaths = { ...ortFiles() };
	// On the GPU there is little left for them to do, and each costs time to start.
	wasm.numThreads = device === 'wasm' ? threads : 1;
}
