import type { IDBPDatabase, IDBPTransaction } from 'idb';

/** Brings a database from version `to - 1` to `to`. Once released, a step is never edited: add the next one. */
export interface SchemaStep {
	readonly to: number;
	readonly apply: (
		db: IDBPDatabase,
		transaction: IDBPTransaction<unknown, string[], 'versionchange'>
	) => void;
}

const version1Stores = [
	'setup',
	'documents',
	'document-texts',
	'chunks',
	'indexes',
	'vector-blocks',
	'conversations',
	'messages',
	'journal',
	'manifests',
	'downloads',
	'settings',
	'snapshots',
	'gate-reports'
];

const version2Stores = ['wanted', 'measurements'];

const version3Stores = ['load-marks', 'remote-servers'];

const version4Stores = ['chunk-sets', 'prompts', 'answer-reports', 'scheduled'];

const version5Stores = ['adapters', 'adapter-parts', 'adapter-checks', 'preferences'];

/** Every version of the database, in order from 1. All stores take their keys from outside the row. */
export const schemaSteps: readonly SchemaStep[] = [
	{
		to: 1,
		apply: (db) => {
			for (const name of version1Stores) db.createObjectStore(name);
		}
	},
	{
		to: 2,
		apply: (db) => {
			for (const name of version2Stores) db.createObjectStore(name);
		}
	},
	{
		to: 3,
		apply: (db) => {
			for (const name of version3Stores) db.createObjectStore(name);
		}
	},
	{
		to: 4,
		apply: (db) => {
			for (const name of version4Stores) db.createObjectStore(name);
		}
	},
	{
		to: 5,
		apply: (db) => {
			for (const name of version5Stores) db.createObjectStore(name);
		}
	}
];
