import { ServerProbe } from '../lib/engines/remote/server-probe.ts';
import { FetchHttpClient } from '../lib/platform/fetch-http-client.ts';
import { exposeService } from '../lib/wire/expose-service.ts';

void exposeService(new ServerProbe(new FetchHttpClient(self.location.origin)));
