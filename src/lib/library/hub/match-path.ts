/** Whether a path fits a pattern, in which `*` stands for any characters but `/`, also for none. */
export function matchPath(pattern: string, path: string): boolean {
	const source = pattern
		.split('*')
		.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
		.join('[^/]*');
	return new RegExp(`^${source}$`).test(path);
}
