/** `primary`: the one thing to do here. `danger`: takes something away. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
