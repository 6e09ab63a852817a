import { ownTask } from './own-task.ts';
import type { PlainToken, StreamWay } from './stream-tokens.ts';

interface Question {
	readonly pace: StreamWay['pace'];
	readonly tokens: number;
}

/** One message a token. */
addEventListener('message', ({ data }: MessageEvent<Question>) => void post(data));

async function post({ pace, tokens }: Question): Promise<void> {
	for (let token = 0; token < tokens; token++) {
		if (pace === 'tasks') await ownTask();
		postMessage({ text: ' word' } satisfies PlainToken);
	}
	postMessage({ end: true } satisfies PlainToken);
}
