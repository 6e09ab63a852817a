import { expect, test } from 'vitest';
import { folderInAddress } from './folder-in-address.ts';

test.each([
	['https://huggingface.co/o/n/tree/main/checkpoint-500', 'checkpoint-500'],
	['https://huggingface.co/o/n/tree/main/runs/my%20run/?x=1', 'runs/my run'],
	['https://huggingface.co/o/n/blob/main/checkpoint-500/adapter_config.json', 'checkpoint-500'],
	['https://mirror.example/o/n/resolve/main/a/b.safetensors?download=true', 'a'],
	['https://huggingface.co/o/n/tree/main/100%', '100%']
])('%s leads to %s', (address, folder) => expect(folderInAddress(address)).toBe(folder));

test.each([
	'o/n',
	'o/n@main',
	'https://huggingface.co/o/n',
	'https://huggingface.co/o/n/tree/main',
	'https://huggingface.co/o/n/blob/main/adapter_config.json',
	'https://models.example/tree/'
])('%s leads to no folder of its own', (address) => expect(folderInAddress(address)).toBe(''));
