import { type AnnalConfiguration, type Logger, OutgoingHttp } from '@annal/platform';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIGURATION, LOGGER } from '../tokens.js';

/** Requests to other servers. */
@Global()
@Module({
  providers: [
    {
      provide: OutgoingHttp,
      inject: [CONFIGURATION, LOGGER],
      useFactory: (configuration: AnnalConfiguration, logger: Logger) => new OutgoingHttp(configuration, logger),
    },
  ],
  exports: [OutgoingHttp],
})
export class OutgoingModule implements OnApplicationShutdown {
  constructor(@Inject(OutgoingHttp) private readonly http: OutgoingHttp) {}

  /** After the jobs, which end before. */
  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}
