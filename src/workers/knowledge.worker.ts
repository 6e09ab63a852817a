import init from 'voy-search/voy_search_bg.wasm?init';
import { KnowledgeService } from '../lib/knowledge/knowledge-service.ts';
import { voyLoader } from '../lib/knowledge/load-voy.ts';
import { Database } from '../lib/platform/database.ts';
import { IdbRecordStore } from '../lib/platform/idb-record-store.ts';
import { SystemClock } from '../lib/platform/system-clock.ts';
import { exposeService } from '../lib/wire/expose-service.ts';

const clock = new SystemClock();

void exposeService(
	new KnowledgeService({
		records: new IdbRecordStore(new Database()),
		clock,
		loadVoy: voyLoader(init),
		pause: () => clock.sleep(1),
		openPdfWorker: async () => {
			const { default: PdfWorker } =
				await import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker');
			return new PdfWorker();
		}
	})
);
