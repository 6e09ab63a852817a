/** Offers a text to the user as a file. */
export function saveFile(name: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// The download has taken its own hold of the blob by the next task.
	requestAnimationFrame(() => URL.revokeObjectURL(url));
}
