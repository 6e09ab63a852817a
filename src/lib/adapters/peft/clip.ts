/** A name of somebody else's choice, short enough for a message and without characters that could break it. */
export function clip(name: string): string {
	const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
	return plain.length <= 80 ? plain : `${plain.slice(0, 79)}…`;
}
