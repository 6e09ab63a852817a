/** A service as it looks from another thread: its methods, each answering with a promise. */
export type RemoteApi<Api> = {
	readonly [Name in keyof Api]: Api[Name] extends (...args: infer Args) => infer Result
		? (...args: Args) => Promise<Awaited<Result>>
		: never;
};
