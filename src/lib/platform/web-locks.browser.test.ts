import { describeLocks } from '../testing/contracts/locks.ts';
import { WebLocks } from './web-locks.ts';

describeLocks('WebLocks', () => new WebLocks());
