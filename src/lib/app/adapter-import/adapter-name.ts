/** Names that tell nothing without the folder above. */
const vague = /^(checkpoint-\d+|adapters?|lora|default|final|output|model|peft)$/i;

/** A name to begin with for an adapter that lies in that folder; empty where its names tell nothing. */
export function adapterName(folder: string): string {
	const parts = folder.split('/').filter(Boolean);
	const last = parts.at(-1) ?? '';
	const above = parts.at(-2);
	const name = vague.test(last) && above !== undefined ? `${above} ${last}` : last;
	return name.slice(0, 80);
}
