/** How an adapter stands to a model. */
export interface AdapterVerdict {
	/** `fits`: may be on. `needs-check`: must be tried first. `no`: stays off. */
	readonly state: 'fits' | 'needs-check' | 'no';
	/** A whole sentence for people. */
	readonly reason: string;
}
