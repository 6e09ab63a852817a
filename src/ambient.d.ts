/** Modules without types of their own. Both the pages' and the workers' tsconfig include this file. */
declare module '*.wasm?url' {
	const url: string;
	export default url;
}
