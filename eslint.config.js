import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Only `platform` (and what starts the app) touches the outside world: everything else goes through a port. */
const outsideWorld = [
	{ name: 'setTimeout', message: 'Use the Clock port.' },
	{ name: 'setInterval', message: 'Use the Clock port.' },
	{ name: 'navigator', message: 'Use a port; its implementation stands in lib/platform.' },
	{ name: 'indexedDB', message: 'Use the RecordStore port.' },
	{ name: 'caches', message: 'Use the BlobStore port.' },
	{ name: 'fetch', message: 'Use the RangeSource port.' }
];

export default defineConfig(
	globalIgnores([
		'build/',
		'.svelte-kit/',
		'node_modules/',
		'test-results/',
		'playwright-report/',
		'.cache/'
	]),
	js.configs.recommended,
	ts.configs.strictTypeChecked,
	ts.configs.stylisticTypeChecked,
	svelte.configs.recommended,
	prettier,
	svelte.configs.prettier,
	{
		languageOptions: {
			globals: { ...globals.browser, ...globals.worker },
			parserOptions: {
				projectService: true,
				tsconfigRootDir: import.meta.dirname
			}
		},
		rules: {
			'no-console': 'error',
			// TypeScript checks names, types included; this rule knows globals only.
			'no-undef': 'off',
			'max-lines': ['error', { max: 400 }],
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			// A discarded promise must say so with `void`.
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_' }
			],
			'svelte/no-at-html-tags': 'error',
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	{
		files: ['**/*.svelte'],
		rules: {
			// ESLint sees imports from .svelte files as `any`; svelte-check knows their types and checks these uses.
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
			'@typescript-eslint/no-redundant-type-constituents': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: {
			parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig }
		}
	},
	{
		files: [
			'src/lib/**/*.ts',
			'src/lib/**/*.svelte',
			'src/routes/**/*.svelte',
			'src/routes/**/*.ts'
		],
		ignores: ['src/lib/platform/**', '**/*.test.ts'],
		rules: {
			'no-restricted-globals': ['error', ...outsideWorld],
			'no-restricted-properties': [
				'error',
				{ object: 'Date', property: 'now', message: 'Use the Clock port.' }
			]
		}
	},
	{
		files: ['**/*.test.ts', 'tests/**', 'src/lib/testing/**'],
		rules: {
			'max-lines': ['error', { max: 600 }],
			'@typescript-eslint/require-await': 'off',
			'@typescript-eslint/no-non-null-assertion': 'off'
		}
	},
	{
		files: ['scripts/**', '*.config.js', '*.config.ts', '.dependency-cruiser.mjs', 'tests/**'],
		languageOptions: { globals: globals.node },
		rules: { 'no-console': 'off' }
	}
);
