import { createContext } from 'svelte';
import type { App } from './app.ts';

/** How pages get at the app that the layout has started. */
export const [useApp, provideApp] = createContext<App>();
