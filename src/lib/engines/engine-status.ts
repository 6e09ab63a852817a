/** `failed`: a load or call failed and this instance is of no further use. `lost`: its device or worker is gone. */
export type EngineStatus =
	'unloaded' | 'loading' | 'ready' | 'busy' | 'unloading' | 'failed' | 'lost';
