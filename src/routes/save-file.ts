/** Offers a text to the user as a file, or what is in it already. */
export function saveFile(name: string, content: string | Blob): void {
	const file = typeof content === 'string' ? new Blob([content], { type: 'text/plain' }) : content;
	const url = URL.createObjectURL(file);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// The download has taken its own hold of the blob by the next task.
	requestAnimationFrame(() => URL.revokeObjectURL(url));
}
