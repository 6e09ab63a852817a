import type { Component } from 'svelte';

/** An icon of `@lucide/svelte/icons/*`. Decorative: it is hidden from assistive technology. */
export type Icon = Component<{ size?: number | string }>;
