import asyncifyFactory from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiFactory from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';

/** Addresses of ONNX Runtime's WebAssembly and of the script that starts it. */
export interface OrtFiles {
	readonly mjs: string;
	readonly wasm: string;
}

/**
 * Where our own server has them, of the very version that Transformers.js is built with. Both builds serve WebGPU and
 * plain WebAssembly alike. The smaller one needs a browser whose WebAssembly can wait for promises.
 */
export function ortFiles(canWait = 'Suspending' in WebAssembly): OrtFiles {
	return canWait
		? { mjs: jspiFactory, wasm: jspiWasm }
		: { mjs: asyncifyFactory, wasm: asyncifyWasm };
}
