import { AppError } from '../../core/errors.ts';
import type { LoraModule } from '../lora-module.ts';
import type { NamedLayer } from '../named-layer.ts';
import type { LayerIndex } from './layer-index.ts';
import { packOf, partsOf, partWidths, type HeadWidths } from './packed-layers.ts';

/** That some of what a module adds goes to some of what a layer gives. */
export interface Placement<Layer extends NamedLayer> {
	readonly layer: Layer;
	/** First row of the module's B, and how many. */
	readonly row: number;
	readonly rows: number;
	/** Where in the layer's y they go. */
	readonly column: number;
}

export interface PlacingModel<Layer extends NamedLayer = NamedLayer> {
	/** For messages. */
	readonly name: string;
	readonly index: LayerIndex<Layer>;
	readonly heads: HeadWidths | null;
}

/**
 * The places of a module in a model: itself, a part of a packed layer, or the layers that its own parts have become.
 * Empty where it has none. `adapter` is a name, for messages. Errors: `adapter/wrong-shape`, `adapter/engine` where a
 * packed layer does not tell its parts.
 */
export function placeModule<Layer extends NamedLayer>(
	module: LoraModule,
	model: PlacingModel<Layer>,
	adapter: string
): readonly Placement<Layer>[] {
	const needs = (layer: Layer, outSize: number): void => {
		if (module.inSize !== layer.inSize || module.outSize !== outSize)
			throw wrongShape(module, adapter, model.name, `${layer.inSize} → ${outSize}`);
	};
	const own = model.index.find(module.module);
	if (own.length > 0) {
		return own.map((layer) => {
			needs(layer, layer.outSize);
			return { layer, row: 0, rows: module.outSize, column: 0 };
		});
	}
	const pack = packOf(module.module);
	if (pack) {
		return model.index.find(pack.module).map((layer) => {
			const widths = partWidths(pack.parts.length, layer.outSize, model.heads);
			if (!widths) throw untold(model.name, pack.module);
			const width = widths[pack.index] ?? 0;
			needs(layer, width);
			return { layer, row: 0, rows: width, column: sum(widths.slice(0, pack.index)) };
		});
	}
	return placeParts(module, model, adapter);
}

function placeParts<Layer extends NamedLayer>(
	module: LoraModule,
	{ name, index }: PlacingModel<Layer>,
	adapter: string
): readonly Placement<Layer>[] {
	const parts = partsOf(module.module).map((part) => index.find(part));
	if (parts.length === 0 || parts.some(({ length }) => length === 0)) return [];
	const widths = parts.map(([layer]) => layer?.outSize ?? 0);
	const inSize = parts[0]?.[0]?.inSize ?? 0;
	const fits = parts.flat().every((layer) => layer.inSize === module.inSize);
	if (!fits || sum(widths) !== module.outSize)
		throw wrongShape(module, adapter, name, `${inSize} → ${widths.join(' + ')}`);
	return parts.flatMap((layers, part) => {
		const row = sum(widths.slice(0, part));
		return layers.map((layer) => ({ layer, row, rows: layer.outSize, column: 0 }));
	});
}

function wrongShape(
	{ module, inSize, outSize }: LoraModule,
	name: string,
	model: string,
	needs: string
): AppError {
	const has = `${inSize} → ${outSize}`;
	return new AppError('adapter/wrong-shape', { details: { name, model, module, has, needs } });
}

function untold(engine: string, module: string): AppError {
	const reason = `its layer ${module} packs several into one, and its configuration does not tell their sizes`;
	const instead = 'Use a variant of the same model that comes with its configuration.';
	return new AppError('adapter/engine', { details: { engine, reason, instead } });
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, each) => total + each, 0);
}
