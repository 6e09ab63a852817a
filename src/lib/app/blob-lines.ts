/** The lines of a text file, read one after the other. A line that is longer than `most` bytes ends them with null. */
export async function* blobLines(source: Blob, most: number): AsyncGenerator<string | null> {
	const reader = source.stream().getReader();
	let pieces: Uint8Array<ArrayBuffer>[] = [];
	let length = 0;
	const line = async (): Promise<string> => {
		const text = await new Blob(pieces).text();
		pieces = [];
		length = 0;
		return text;
	};
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			let rest = value;
			for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
				pieces.push(rest.slice(0, end));
				length += end;
				if (length > most) break;
				yield await line();
				rest = rest.subarray(end + 1);
			}
			pieces.push(rest.slice());
			length += rest.length;
			if (length > most) {
				yield null;
				return;
			}
		}
		if (length > 0) yield await line();
	} finally {
		await reader.cancel();
	}
}

const newline = 10;
