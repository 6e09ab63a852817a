import type { ModelSpec } from '../core/model-spec.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connectivity } from '../ports/connectivity.ts';
import type { DeviceConditions } from '../ports/device-conditions.ts';
import type { GpuProbe } from '../ports/gpu-probe.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { Locks } from '../ports/locks.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { SessionNotes } from '../ports/session-notes.ts';
import type { TabChannel } from '../ports/tab-channel.ts';
import type { AppMessage } from './app-message.ts';
import type { Appearance } from './settings-record.ts';

export type WorkerName = 'engine' | 'knowledge' | 'library' | 'hash' | 'server';

/** The app's installation and its updates. */
export interface Installation {
	onUpdateWaiting(listener: () => void): () => void;
	/** Calls back when another tab has applied an update. */
	onReplaced(listener: () => void): () => void;
	applyUpdate(): Promise<void>;
	/** Loads the page anew, in the newest version that can be had. */
	reload(): Promise<void>;
	/** Hosts that a library started from now on may reach besides those of the catalog: replaces the list. */
	allowOrigins(origins: readonly string[]): Promise<void>;
	/** Servers that engines started from now on may reach: replaces the list. */
	allowServers(origins: readonly string[]): Promise<void>;
	/** True once workers carry the policy and are kept for offline use. */
	ready(): Promise<boolean>;
}

/** Everything of the browser that the app is built on. */
export interface PlatformParts {
	readonly clock: Clock;
	readonly locks: Locks;
	readonly channel: TabChannel<AppMessage>;
	readonly records: RecordStore;
	readonly blobs: BlobStore;
	readonly gpu: GpuProbe;
	/** On a thread of their own. Most visits hash nothing on the page. */
	readonly hashers: () => Promise<HasherFactory>;
	readonly connectivity: Connectivity;
	readonly conditions: DeviceConditions;
	readonly sessions: SessionNotes;
	readonly spawn: (worker: WorkerName) => Worker;
	readonly installation: Installation;
	/** Name of this build of the app. */
	readonly build: string;
	/** Calls back when what is stored belongs to a newer version of the app: nothing can be read or written any more. */
	readonly onNewerStorage: (listener: () => void) => void;
	/** Built-in models, in the order in which they are offered. */
	readonly builtInModels: readonly ModelSpec[];
	/** Where the app lives, absolute, with a slash at its end: relative addresses of the catalog start here. */
	readonly baseUrl: string;
	/** The catalog as it came, unchecked. */
	readonly readCatalog: () => Promise<unknown>;
	readonly showAppearance: (appearance: Appearance) => void;
}
