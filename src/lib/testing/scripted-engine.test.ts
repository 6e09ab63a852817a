import { describeModelEngine } from './contracts/model-engine.ts';
import { noFiles } from '../engines/no-files.ts';
import { ScriptedEngine, scriptedModel, shortSightedModel } from './scripted-engine.ts';

describeModelEngine('ScriptedEngine', async () => ({
	engine: new ScriptedEngine(),
	request: { spec: scriptedModel, files: noFiles, device: 'auto' }
}));

describeModelEngine('ScriptedEngine with a model that only writes', async () => ({
	engine: new ScriptedEngine(),
	request: {
		spec: { ...scriptedModel, tasks: ['generate'], embedding: null },
		files: noFiles,
		device: 'auto'
	}
}));

describeModelEngine('ScriptedEngine with a model that only embeds', async () => ({
	engine: new ScriptedEngine(),
	request: { spec: { ...scriptedModel, tasks: ['embed'] }, files: noFiles, device: 'auto' }
}));

describeModelEngine('ScriptedEngine with a model that reads eight words of a text', async () => ({
	engine: new ScriptedEngine(),
	request: { spec: shortSightedModel, files: noFiles, device: 'auto' }
}));

describeModelEngine('ScriptedEngine with a model that reasons', async () => ({
	engine: new ScriptedEngine({ reasoning: ['Hm', ', well'], cachedTokens: 1 }),
	request: { spec: scriptedModel, files: noFiles, device: 'auto' }
}));
