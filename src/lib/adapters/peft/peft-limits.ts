/**
 * What SAM reads of an adapter at most. Far above what training writes, and low enough that no file can fill the memory
 * by what it claims: a LoRA of every layer of a model with 126 layers has 1,764 tensors with names of 80 characters.
 */
export const peftLimits = {
	configBytes: 2 ** 20,
	indexBytes: 4 * 2 ** 20,
	headerBytes: 8 * 2 ** 20,
	tensors: 8192,
	nameLength: 512,
	shards: 64,
	/** Of all weights, as 32-bit floats in memory. */
	weightBytes: 2 ** 31
} as const;
