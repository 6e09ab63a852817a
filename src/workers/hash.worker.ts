import type { HashEndpoint } from '../lib/platform/hash-message.ts';
import { serveHashers } from '../lib/platform/serve-hashers.ts';
import { Sha256HasherFactory } from '../lib/platform/sha256-hasher.ts';

// Under the types of a page `self` is a window, whose `postMessage` takes an origin.
serveHashers(self as unknown as HashEndpoint, new Sha256HasherFactory());
