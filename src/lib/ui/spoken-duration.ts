/** A time in milliseconds as people say it, in whole seconds: `less than a second`, `4 s`, `2 min 5 s`, `3 min`. */
export function spokenDuration(ms: number): string {
	const seconds = Math.round(ms / 1000);
	if (seconds < 1) return 'less than a second';
	if (seconds < 60) return `${seconds} s`;
	const minutes = `${Math.floor(seconds / 60)} min`;
	return seconds % 60 === 0 ? minutes : `${minutes} ${seconds % 60} s`;
}
