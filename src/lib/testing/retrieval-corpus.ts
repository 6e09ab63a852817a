/** A passage with questions that only it answers, asked as people ask: other word forms, typos, parts of words. */
export interface KnownPassage {
	readonly text: string;
	readonly queries: readonly string[];
}

/** Several passages to each subject, so that the right one has neighbours that it can be mistaken for. */
export const retrievalCorpus: readonly KnownPassage[] = [
	{
		text: 'The warranty covers manufacturing defects for twenty-four months from the date of purchase. Batteries are excluded after the first year.',
		queries: [
			'how long do the warranties last for a defective product',
			'is the battery warrantied'
		]
	},
	{
		text: 'Returned goods are refunded within fourteen days once our warehouse has inspected them. Shipping costs are not refunded.',
		queries: ['when will I get the refund for returning an item', 'inspecting retured goods']
	},
	{
		text: 'Orders above fifty euros ship for free inside the country. Express delivery costs nine euros and arrives the next working day.',
		queries: ['free shiping of an order', 'price of an expres deliverey']
	},
	{
		text: 'To reset the device hold the power button for ten seconds until the light blinks red. All settings are erased.',
		queries: ['resetting devices to erase the setting', 'button blinking in red']
	},
	{
		text: 'Cleaning: wipe the housing with a damp cloth. Never immerse the unit in water, since it is not waterproof.',
		queries: ['how do I clean the housings', 'is immersion into wter alright']
	},
	{
		text: 'The kettle switches itself off when it boils dry. Let it cool for a quarter of an hour before refilling.',
		queries: ['switching off kettles that boiled dry', 'cooling time before a refill']
	},
	{
		text: 'Knead the dough for ten minutes, cover it, and let it rise in a warm place until it has doubled.',
		queries: ['kneading a dough', 'doubling while it rises, covered and warm']
	},
	{
		text: 'Simmer the tomatoes with garlic and basil until the sauce thickens; season with salt and a pinch of sugar.',
		queries: ['thickened tomatoe sauce', 'simmering garlics with basil']
	},
	{
		text: 'Roast the pumpkin at two hundred degrees, then blend it with vegetable stock and ginger for a smooth soup.',
		queries: ['roasted pumpkins blended into soups', 'gingery vegetables soup']
	},
	{
		text: 'Whisk the egg whites until stiff and fold them gently into the melted chocolate; chill the mousse overnight.',
		queries: ['melting choclate for mouses', 'whisking of egg white stiffly']
	},
	{
		text: 'Water the seedlings sparingly and move them outdoors after the last frost. Harden them off for one week.',
		queries: ['watering a seedling', 'when to harden plants outdoor, frosts']
	},
	{
		text: 'Prune roses in early spring, cutting just above an outward-facing bud. Remove dead and crossing branches.',
		queries: ['pruning of a rose', 'remving dead branch with cuts over a bud']
	},
	{
		text: 'Compost needs a balance of green and brown material, some moisture, and air; turn the heap every month.',
		queries: ['composting moist materials', 'turning heaps monthly']
	},
	{
		text: 'Slugs are best collected by hand in the evening. Copper rings around pots deter them without poison.',
		queries: ['deterring a slug with coppers', 'collect the slugz in the evenings']
	},
	{
		text: 'The database writes every change to a journal before it touches the tables, so that a crash loses nothing.',
		queries: ['journaling changes in databases', 'crashes losing table rows, jornal']
	},
	{
		text: 'Call flushJournal before shutting down. The replication thread then waits until all followers have acknowledged.',
		queries: [
			'flush of the replicated journal at shutdown',
			'acknowledgement by a follower, waiting threads'
		]
	},
	{
		text: 'Indexes speed up reading and slow down writing. Create them on columns that appear in filters and joins.',
		queries: ['creating an index on filtered columns', 'joining and reading speedup']
	},
	{
		text: 'Back up the configuration directory nightly and test the restoration twice a year on a spare machine.',
		queries: ['restoring configurations', 'testing of nightly backups on spare machines']
	},
	{
		text: 'Passwords must be at least fourteen characters long and are hashed with a memory-hard function before storage.',
		queries: ['hashing the pasword', 'minimum character length, storing hashes']
	},
	{
		text: 'Access tokens expire after one hour. Refresh them with the client secret, which must never reach a browser.',
		queries: ['expiration of an access tokn', 'refreshing with secrets of clients']
	},
	{
		text: 'Employees receive thirty days of paid holiday. Unused days may be carried over until the end of March.',
		queries: ['carrying over unused holidays', 'employes payment for holiday']
	},
	{
		text: 'Travel expenses are reimbursed when receipts are submitted within four weeks after the trip.',
		queries: ['reimbursement of travelling expense', 'submitting a receipt after trips']
	},
	{
		text: 'Working from home is allowed on two days a week after agreement with the team leader.',
		queries: ['agreeing on homeworking with the teamleader', 'are we allowing work from homes']
	},
	{
		text: 'Either party may terminate the contract in writing with three months notice to the end of a quarter.',
		queries: ['termination of contracts', 'contractual notices for quarters in writting']
	},
	{
		text: 'The tenant pays the rent in advance by the third working day of the month. A deposit of three rents is due.',
		queries: ['advance payment of rents by tenants', 'depositing by the tennant']
	},
	{
		text: 'The liver stores glycogen and releases glucose when blood sugar falls during fasting.',
		queries: ['glycogen storage in livers', 'releasing glucos when fasted']
	},
	{
		text: 'Vaccines train the immune system with harmless fragments so that antibodies form before an infection.',
		queries: ['vaccination trains immunity', 'antibody formation and infectious fragment']
	},
	{
		text: 'Chronic lack of sleep weakens concentration, memory and mood; adults need seven to nine hours a night.',
		queries: ['sleeping too little and concentrating', 'weak memories and moods of an adult']
	},
	{
		text: 'Stretch gently after running and increase the distance slowly to avoid injuries of the tendons.',
		queries: ['avoiding an injured tendon', 'runner stretching, increasing distances']
	},
	{
		text: 'Glaciers carve valleys as they move, grinding the bedrock and leaving moraines where they melt.',
		queries: ['glacier carving a valley', 'melting and grinded bedrocks']
	},
	{
		text: 'Volcanoes erupt when gas-rich magma rises through cracks; the ash may cool the climate for years.',
		queries: ['volcanic eruptions of magma', 'ashes cooling the climates']
	},
	{
		text: 'Photosynthesis turns carbon dioxide and water into sugar, using the energy of sunlight in the chloroplasts.',
		queries: ['photosynthetic chloroplast', 'sun energy turning carbon into sugars']
	},
	{
		text: 'Migrating birds navigate by the stars, by the magnetic field and by landmarks they remember.',
		queries: ['bird migration and navigation', 'magnetism, star, remembered landmark']
	},
	{
		text: 'The choir rehearses on Tuesdays in the parish hall. New singers are welcome and need not read music.',
		queries: ['choirs rehearsal', 'singing in a parrish without reading of musical notes']
	},
	{
		text: 'The painting was restored in 1987, when conservators removed a yellowed varnish and two later additions.',
		queries: ['restoration of paintings', 'removal of yellowing varnishes by a conservator']
	},
	{
		text: 'The museum opens at ten and closes at six. Admission is free for children and on the first Sunday.',
		queries: ['opening and closing of museums', 'admitted free as a child']
	},
	{
		text: 'Die Datenbankverbindung wird nach dreißig Sekunden ohne Anfrage getrennt und beim nächsten Zugriff neu aufgebaut.',
		queries: ['Verbindungen zur Datenbank trennen', 'Anfragen und Zugriffe, Verbindungsaufbau']
	},
	{
		text: 'Die Krankenversicherung erstattet die Kosten der Zahnreinigung einmal im Jahr gegen Vorlage der Rechnung.',
		queries: ['Versicherung und Rechnungen für die Zähne', 'Reinigung der Zaehne, Erstattung']
	},
	{
		text: 'Der Kündigungsschutz gilt nach sechs Monaten im Betrieb. Schwangere sind vom ersten Tag an geschützt.',
		queries: ['Schutz vor Kuendigung', 'schwanger im Betriebe']
	},
	{
		text: 'La bibliothèque prête cinq livres à la fois pour trois semaines. Les retards coûtent dix centimes par jour.',
		queries: ['prêter un livre à la bibliotheque', 'retard et couts de la journée']
	}
];
