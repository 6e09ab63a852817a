import factory from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';

/**
 * Where our own server has ONNX Runtime's WebAssembly and the script that starts it: of the very version that
 * Transformers.js is built with, and the one build that serves both WebGPU and plain WebAssembly.
 */
export const ortFiles = { mjs: factory, wasm } as const;
