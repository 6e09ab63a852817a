import { loadMarkStore } from '../app/load-mark.ts';
import { scheduledStore } from '../app/scheduled-upgrade.ts';
import { settingsStore } from '../app/settings-record.ts';
import { promptStore } from '../app/test-prompts.ts';
import { adapterCheckStore, adapterPartStore, adapterStore } from '../adapters/adapter-records.ts';
import { preferenceStore } from '../chat/preferences/preference-records.ts';
import { conversationStore, messageStore } from '../chat/chat-records.ts';
import { measurementStore } from '../engines/measurement.ts';
import { remoteServerStore } from '../engines/remote/remote-server.ts';
import {
	chunkSetStore,
	chunkStore,
	documentStore,
	documentTextStore,
	indexStore,
	vectorBlockStore
} from '../knowledge/knowledge-records.ts';
import { downloadStore, manifestStore, wantedStore } from '../library/library-api.ts';
import {
	answerReportStore,
	gateReportStore,
	journalStore,
	setupStore,
	snapshotStore
} from '../migration/migration-records.ts';
import type { RecordKey, StoreOf } from '../ports/record-store.ts';

/** The stores of all features: what the app keeps in its database. */
export const everyStore = [
	setupStore,
	documentStore,
	documentTextStore,
	chunkStore,
	chunkSetStore,
	indexStore,
	vectorBlockStore,
	conversationStore,
	messageStore,
	journalStore,
	snapshotStore,
	gateReportStore,
	answerReportStore,
	promptStore,
	manifestStore,
	downloadStore,
	wantedStore,
	measurementStore,
	settingsStore,
	loadMarkStore,
	remoteServerStore,
	scheduledStore,
	adapterStore,
	adapterPartStore,
	adapterCheckStore,
	preferenceStore
] as unknown as readonly StoreOf<unknown, RecordKey>[];
