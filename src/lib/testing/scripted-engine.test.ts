import { describeModelEngine } from './contracts/model-engine.ts';
import { noFiles } from '../engines/no-files.ts';
import { ScriptedEngine, scriptedModel } from './scripted-engine.ts';

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
