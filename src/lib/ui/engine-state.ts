/**
 * How the chat engine is doing, in the word that people read. `trial`: switched, not yet kept or undone.
 * `degraded`: answers come from a fall-back, or search works by keywords alone.
 */
export type EngineState = 'ready' | 'loading' | 'trial' | 'upgrading' | 'degraded';
