import type { ModelId } from '$lib/core/ids.ts';

/** Where the focus goes when a model's button has become another one: its next button, else its name. */
export function nextControl(model: ModelId): HTMLElement | null {
	const name = document.getElementById(`model-${model}`);
	return name?.closest('li')?.querySelector<HTMLElement>('button:enabled') ?? name;
}
