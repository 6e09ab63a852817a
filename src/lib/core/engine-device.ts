/** Where an engine computes. `remote`: on a server, so that what it is given leaves this device. */
export type EngineDevice = 'cpu' | 'wasm' | 'webgpu' | 'remote';
