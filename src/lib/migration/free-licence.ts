/** Licences that allow everything that one does with a model here, as catalogs and model hosts name them. */
const permissive: readonly RegExp[] = [
	/^apache(-| licen[cs]e,? (version )?)2(\.0)?$/,
	/^mit$/,
	/^mit licen[cs]e$/,
	/^(0)?bsd(-[234]-clause(-clear)?)?$/,
	/^isc$/,
	/^cc0(-1\.0)?$/,
	/^cc-by-\d\.\d$/,
	/^unlicense$/,
	/^zlib$/
];

/** Whether a licence of that name, in any case, is one of them. Others have terms that the user should have agreed to. */
export function isFreeLicence(name: string): boolean {
	const plain = name.trim().toLowerCase();
	return permissive.some((pattern) => pattern.test(plain));
}
