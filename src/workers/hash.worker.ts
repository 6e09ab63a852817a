import { serveHashers } from '../lib/platform/serve-hashers.ts';
import { Sha256HasherFactory } from '../lib/platform/sha256-hasher.ts';

serveHashers(self, new Sha256HasherFactory());
