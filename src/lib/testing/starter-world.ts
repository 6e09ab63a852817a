import { choiceOf } from '../app/model-directory.ts';
import { DocumentSearch } from '../app/document-search.ts';
import { EnginePool } from '../app/engine-pool.ts';
import type { AnswerEngine } from '../chat/chat-ports.ts';
import { PastQuestions } from '../chat/past-questions.ts';
import { ConversationStore } from '../chat/conversation-store.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { StarterEngine } from '../engines/starter/starter-engine.ts';
import { starterModels } from '../engines/starter/starter-models.ts';
import { KnowledgeService } from '../knowledge/knowledge-service.ts';
import type { LoadVoy } from '../knowledge/load-voy.ts';
import { createSteps } from '../migration/create-steps.ts';
import { MigrationJournal } from '../migration/journal.ts';
import { MigrationController } from '../migration/migration-controller.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { MemoryLocks } from './memory-locks.ts';
import { ScriptedShelf } from './scripted-shelf.ts';

/** The services that store things, as the app joins them, over these records; with Starter engines in this thread. */
export function starterWorld(records: RecordStore, clock: Clock, loadVoy: LoadVoy) {
	const locks = new MemoryLocks();
	const knowledge = new KnowledgeService({
		records,
		clock,
		loadVoy,
		pause: () => Promise.resolve(),
		openPdfWorker: null
	});
	const setup = new SetupRepository(records, clock, locks);
	const journal = new MigrationJournal(records);
	const pool = new EnginePool({ make: () => new StarterEngine() });
	const steps = createSteps({
		...{ records, clock, setup, workshop: knowledge },
		bench: pool,
		supply: { isInstalled: () => Promise.resolve(true), install: () => Promise.resolve() },
		room: { freeBytes: () => Promise.resolve(null) },
		adapters: new ScriptedShelf(records, clock),
		whenIdle: () => Promise.resolve(),
		questions: new PastQuestions(records),
		passages: { passagesFor: (question, signal) => search.passagesFor(question, signal) }
	});
	const controller = new MigrationController({
		...{ journal, setup, steps: () => Promise.resolve(steps), clock, locks },
		workshop: knowledge
	});
	const conversations = new ConversationStore({ records, clock });

	/** The Starter model that the setup in use names for its embeddings. */
	async function modelInUse(): Promise<ModelSpec> {
		const record = await setup.read();
		const spec = starterModels.find(({ id }) => id === record?.current.embedding.model);
		if (!spec) throw new Error('The setup names no Starter model');
		return spec;
	}

	const search: DocumentSearch = new DocumentSearch({
		knowledge,
		embedQuery: async (text, abort) => {
			const engine = await pool.use('embedding', await modelInUse());
			const [vector] = await engine.embed([text], { purpose: 'query', signal: abort });
			const index = (await setup.read())?.current.index;
			if (!vector || !index) throw new Error('There is no vector, or no index');
			return { vector, index };
		},
		indexInUse: async () => (await setup.read())?.current.index ?? null
	});
	const answers: AnswerEngine = {
		open: async () => {
			const spec = await modelInUse();
			const engine = await pool.use('chat', spec);
			return {
				...{ engine: choiceOf(spec), extractive: true, device: 'cpu', mishaps: [] },
				contextTokens: spec.contextTokens,
				generate: (request, abort) => engine.generate(request, { signal: abort }),
				insteadOf: async (error) => {
					throw error;
				}
			};
		}
	};
	return { setup, journal, controller, knowledge, pool, conversations, search, answers };
}
