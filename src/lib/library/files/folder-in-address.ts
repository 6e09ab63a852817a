/** The folder that the address of a page of the hub leads to, without `/` at its ends; empty for the repository itself. */
export function folderInAddress(address: string): string {
	const match = /^[^?#]*\/(tree|blob|resolve)\/[^/?#]+\/([^?#]*)/.exec(address.trim());
	if (!match) return '';
	const parts = (match[2] ?? '').split('/').filter(Boolean).map(decode);
	return (match[1] === 'tree' ? parts : parts.slice(0, -1)).join('/');
}

function decode(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
