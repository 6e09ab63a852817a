import { indexWorkshopContract } from '../testing/contracts/index-workshop.ts';
import { knowledgeOver } from '../testing/knowledge-world.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { RecordWorkshop } from '../testing/record-workshop.ts';

indexWorkshopContract('RecordWorkshop', () => {
	const workshop = new RecordWorkshop(new MemoryRecordStore());
	return { workshop, addText: (text) => workshop.addText(text) };
});

indexWorkshopContract('KnowledgeService', () => {
	const workshop = knowledgeOver();
	let files = 0;
	return {
		workshop,
		async addText(text) {
			await workshop.importFile(new File([text], `${files++}.txt`));
		}
	};
});
