import { describeHasher } from '../testing/contracts/hasher.ts';
import { Sha256HasherFactory } from './sha256-hasher.ts';

describeHasher('Sha256HasherFactory in the browser', new Sha256HasherFactory());
