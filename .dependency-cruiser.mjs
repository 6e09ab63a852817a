/** The import rules of docs/architecture.md. Each says what it protects. */
const features = ['engines', 'library', 'knowledge', 'adapters', 'chat'];
const tests = '\\.(test|svelte\\.test|browser\\.test|deep\\.test)\\.ts$';

/**
 * @param {string} name
 * @param {string} comment
 * @param {object} from
 * @param {object} to
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
	forbidden: [
		forbid('no-cycles', 'A cycle means that two files are one.', {}, { circular: true }),
		forbid(
			'core-imports-nothing',
			'core is the ground.',
			{ path: '^src/lib/core/', pathNot: tests },
			{ path: '^src/', pathNot: '^src/lib/core/' }
		),
		forbid(
			'ports-import-core',
			'A port is an interface of the outside world.',
			{ path: '^src/lib/ports/', pathNot: tests },
			{ path: '^src/', pathNot: '^src/lib/(core|ports)/' }
		),
		forbid(
			'platform-implements-ports',
			'platform knows ports and core alone.',
			{ path: '^src/lib/platform/', pathNot: tests },
			{ path: '^src/', pathNot: '^src/lib/(core|ports|platform)/' }
		),
		forbid(
			'platform-from-roots-only',
			'Only the composition roots choose the real parts.',
			{
				path: '^src/',
				pathNot: [
					'^src/lib/platform/',
					'^src/lib/app/boot\\.ts$',
					'^src/workers/',
					'^src/service-worker/',
					tests
				]
			},
			{ path: '^src/lib/platform/' }
		),
		forbid(
			'wire-imports-core',
			'wire carries anything and knows nothing.',
			{ path: '^src/lib/wire/', pathNot: tests },
			{ path: '^src/', pathNot: '^src/lib/(core|wire)/' }
		),
		...features.map((feature) =>
			forbid(
				`${feature}-stands-alone`,
				'Features never import one another: name what you need as an interface of your own.',
				{ path: `^src/lib/${feature}/`, pathNot: tests },
				{ path: '^src/', pathNot: `^src/lib/(core|ports|wire|${feature})/` }
			)
		),
		forbid(
			'migration-below-app',
			'migration uses features, never the app.',
			{ path: '^src/lib/migration/', pathNot: tests },
			{ path: '^src/(lib/(app|ui|platform|testing)|routes|workers|service-worker)/' }
		),
		forbid(
			'ui-is-dumb',
			'Components get data and callbacks; they know no service.',
			{ path: '^src/lib/ui/', pathNot: tests },
			{ path: '^src/lib/(platform|migration|app|testing|wire)/' }
		),
		forbid(
			'app-below-routes',
			'Views know no page.',
			{ path: '^src/lib/app/', pathNot: tests },
			{ path: '^src/(routes|service-worker)/' }
		),
		forbid(
			'testing-for-tests',
			'Fakes never ship.',
			{ path: '^src/', pathNot: ['^src/lib/testing/', tests] },
			{ path: '^src/lib/testing/' }
		),
		forbid(
			'comlink-in-wire',
			'One place knows how calls cross threads.',
			{ path: '^src/', pathNot: ['^src/lib/wire/', '^src/workers/'] },
			{ path: 'node_modules/comlink' }
		),
		forbid(
			'idb-in-platform',
			'One place knows IndexedDB.',
			{ path: '^src/', pathNot: ['^src/lib/platform/', tests] },
			{ path: 'node_modules/idb' }
		),
		forbid(
			'workbox-in-service-worker',
			'Precaching belongs to the service worker.',
			{ path: '^src/', pathNot: ['^src/service-worker/', '^src/lib/platform/'] },
			{ path: 'node_modules/workbox-' }
		),
		forbid(
			'svelte-in-views',
			'Services run without a framework.',
			{ path: '^src/lib/', pathNot: ['^src/lib/(app|ui)/', tests] },
			{ path: 'node_modules/svelte' }
		),
		forbid(
			'runtimes-in-engines',
			'A runtime loads only in the worker that needs it.',
			{ path: '^src/', pathNot: '^src/lib/engines/' },
			{ path: 'node_modules/(@huggingface/transformers|onnxruntime-web|@mlc-ai)' }
		),
		forbid(
			'no-unresolved',
			'Every import must exist.',
			{},
			{ couldNotResolve: true, pathNot: '^(\\$app|\\$service-worker|\\$env)|\\?(url|worker)' }
		)
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^\\.svelte-kit' },
		tsPreCompilationDeps: true,
		// The one that holds the paths of `$lib`: they are relative to it.
		tsConfig: { fileName: '.svelte-kit/tsconfig.json' },
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['import', 'browser', 'svelte', 'default'],
			extensions: ['.ts', '.js', '.mjs', '.svelte', '.d.ts']
		}
	}
};
