import '../../workers/engine.worker.ts';

// The engine worker that ships, and on request the list of what it has asked the network for.
const channel = new BroadcastChannel(self.name);
channel.onmessage = () => {
	channel.postMessage(performance.getEntriesByType('resource').map(({ name }) => name));
};
