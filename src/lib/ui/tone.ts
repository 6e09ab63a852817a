/** What a coloured mark means. `trial` is for what is not decided yet. */
export type Tone = 'neutral' | 'info' | 'good' | 'trial' | 'danger';
