/** What the browser tells of the device and of whoever uses it. */
export interface DeviceState {
	/** Null where the browser does not tell. */
	readonly charging: boolean | null;
	/** True when the battery is nearly empty and not being charged. */
	readonly lowBattery: boolean;
	/** True when the line is metered, or the user asked for little data. */
	readonly metered: boolean;
	/** Milliseconds since somebody last touched the device, as far as this tab notices. */
	readonly idleMs: number;
}

/** Asks before work that may wait. */
export interface DeviceConditions {
	now(): DeviceState;
	/** Calls back when anything but `idleMs` has changed, and when an idle device is touched. Returns the function that stops listening. */
	onChange(listener: () => void): () => void;
}
