import type { EntryId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { entryOf } from './entry-of.ts';
import type { FrozenModel } from './frozen-model.ts';
import type { ModelListing } from './library-api.ts';

/** A model that is used where it runs, on a server of the user's: there is nothing to download. */
export interface ModelElsewhere {
	readonly spec: ModelSpec;
	readonly server: { readonly name: string; readonly url: string };
}

/** The same as a model that can be planned with. What runs on a server, nobody vouches for. */
export function frozenElsewhere({ spec, server }: ModelElsewhere): FrozenModel {
	const { origin } = new URL(server.url);
	return {
		spec,
		about: {
			entry: spec.id as string as EntryId,
			family: server.name,
			summary: `Runs on ${origin}: what it is given leaves this device.`,
			...{ parameters: null, licence: null, source: null, needs: [], replaces: [] },
			...{ origin: 'address', integrity: 'remote' }
		}
	};
}

/** What the list shows of it. */
export function listingElsewhere(model: ModelElsewhere): ModelListing {
	const frozen = frozenElsewhere(model);
	return {
		id: frozen.spec.id,
		...{ entry: entryOf(frozen), frozen, bytes: 0, freedBytes: 0, sharedWith: [] },
		state: { at: 'remote', origin: new URL(model.server.url).origin },
		...{ updates: null, updateTo: null, added: true }
	};
}
