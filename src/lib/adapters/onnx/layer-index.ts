import type { NamedLayer } from '../named-layer.ts';
import { innerName, moduleName, plainName } from './module-name.ts';

/** Finds the layers of a model by the names that PEFT gives to modules. */
export class LayerIndex<Layer extends NamedLayer = NamedLayer> {
	readonly #byName = new Map<string, Layer[]>();
	/** Whole names that end in the same inner name. */
	readonly #byInnerName = new Map<string, Set<string>>();
	/** A name that the model has, as it writes it; null where it has none. For messages. */
	readonly example: string | null;
	/** Layers that nothing tells the module of. */
	readonly nameless: readonly Layer[];

	constructor(layers: readonly Layer[]) {
		let example: string | null = null;
		const nameless: Layer[] = [];
		for (const layer of layers) {
			const [node = '', weight = ''] = layer.names;
			const module = moduleName(node, weight);
			if (module === null) {
				nameless.push(layer);
				continue;
			}
			example ??= node || weight;
			const name = plainName(module);
			listIn(this.#byName, name, () => []).push(layer);
			listIn(this.#byInnerName, innerName(name), () => new Set()).add(name);
		}
		this.nameless = nameless;
		this.example = example ?? layers[0]?.names.find((name) => name !== '') ?? null;
	}

	/** Where the model uses the module: usually one place. Empty where it does not, or where it cannot be told. */
	find(module: string): readonly Layer[] {
		const name = plainName(module);
		const exact = this.#byName.get(name);
		if (exact) return exact;
		const [only, ...others] = this.#byInnerName.get(innerName(name)) ?? [];
		return only === undefined || others.length > 0 ? [] : (this.#byName.get(only) ?? []);
	}
}

function listIn<T>(map: Map<string, T>, key: string, create: () => T): T {
	const found = map.get(key) ?? create();
	map.set(key, found);
	return found;
}
