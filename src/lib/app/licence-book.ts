import { licenceToAccept } from '../migration/licence-to-accept.ts';
import type {
	AcceptedLicence,
	ModelLicence,
	PlannableModel
} from '../migration/upgrade-request.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { readSetting } from './read-setting.ts';
import { settingsStore } from './settings-record.ts';

/** Terms that a user is asked to agree to before a model is put to use. */
export interface LicenceQuestion extends ModelLicence {
	/** The model's name for people. */
	readonly model: string;
	readonly accepted: boolean;
}

/** Which licences of models the user has agreed to: asked once for each model and licence. */
export class LicenceBook {
	readonly #records: RecordStore;

	constructor(records: RecordStore) {
		this.#records = records;
	}

	async accepted(): Promise<readonly AcceptedLicence[]> {
		return (await readSetting(this.#records, 'licences')) ?? [];
	}

	/** What has to be asked about these models, with the answers that are known. */
	questions(
		models: readonly PlannableModel[],
		accepted: readonly AcceptedLicence[]
	): LicenceQuestion[] {
		return models.flatMap((model) => {
			const licence = licenceToAccept(model);
			if (!licence) return [];
			const agreed = accepted.some((each) => isSame(each, licence));
			return [{ ...licence, model: model.name, accepted: agreed }];
		});
	}

	async accept({ entry, name }: ModelLicence, agrees: boolean): Promise<void> {
		const others = (await this.accepted()).filter((each) => !isSame(each, { entry, name }));
		const value = agrees ? [...others, { entry, name }] : others;
		await this.#records.commit([write.put(settingsStore, { name: 'licences', value })]);
	}
}

function isSame(a: AcceptedLicence, b: AcceptedLicence): boolean {
	return a.entry === b.entry && a.name === b.name;
}
