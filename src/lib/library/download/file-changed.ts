/** The host has another file now than the one that the bytes so far are of. Never leaves the download. */
export class FileChanged extends Error {
	override readonly name = 'FileChanged';
}
