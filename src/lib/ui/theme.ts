/** How the app looks: as the system says, or always light or dark. */
export type Theme = 'system' | 'light' | 'dark';
