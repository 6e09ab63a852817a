import * as z from 'zod/mini';
import { NameValues } from './name-values.ts';
import type { PeftConfig } from './peft-config.ts';
import { notPeft } from './refusals.ts';
import { refuseUnsupported } from './unsupported-settings.ts';

/** What PEFT takes where a file does not say. */
const defaultRank = 8;
const defaultAlpha = 8;

const rank = z.int().check(z.minimum(0));
const optional = <T extends z.ZodMiniType>(type: T) => z.optional(z.nullable(type));
const schema = z.object({
	peft_type: z.string(),
	base_model_name_or_path: optional(z.string()),
	r: optional(rank),
	lora_alpha: optional(z.number()),
	use_rslora: optional(z.boolean()),
	// Whether the base model's weight lies transposed. The two halves of a LoRA never do.
	fan_in_fan_out: optional(z.boolean()),
	rank_pattern: optional(z.record(z.string(), rank)),
	alpha_pattern: optional(z.record(z.string(), z.number()))
});

/** Errors: `adapter/not-peft`, `adapter/unsupported`. */
export function parsePeftConfig(settings: Readonly<Record<string, unknown>>): PeftConfig {
	if (typeof settings.peft_type !== 'string')
		throw notPeft('adapter_config.json does not say "peft_type": "LORA"');
	refuseUnsupported(settings);
	const parsed = schema.safeParse(settings);
	if (!parsed.success) {
		const place = parsed.error.issues[0]?.path[0];
		throw notPeft(`${String(place)} in adapter_config.json is not what it should be`, parsed.error);
	}
	const { data } = parsed;
	const ranks = new NameValues(data.rank_pattern ?? {});
	const alphas = new NameValues(data.alpha_pattern ?? {});
	if (data.r === 0) throw notPeft('its rank is 0, so that there is nothing in it');
	return {
		baseName: (data.base_model_name_or_path ?? '').slice(0, 300),
		rankStabilised: data.use_rslora ?? false,
		rankOf: (module) => ranks.valueFor(module) ?? data.r ?? defaultRank,
		alphaOf: (module) => alphas.valueFor(module) ?? data.lora_alpha ?? defaultAlpha
	};
}
