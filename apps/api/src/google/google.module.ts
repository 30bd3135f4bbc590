import { type AnnalConfiguration, GoogleAccounts, type Logger, OutgoingHttp } from '@annal/platform';
import { type BeforeApplicationShutdown, Global, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIGURATION, LOGGER } from '../tokens.js';

/** The DICOM stores of Google Cloud Platform. */
@Global()
@Module({
  providers: [
    {
      provide: GoogleAccounts,
      inject: [CONFIGURATION, OutgoingHttp, LOGGER],
      useFactory: (configuration: AnnalConfiguration, http: OutgoingHttp, logger: Logger) =>
        new GoogleAccounts(configuration, http, logger),
    },
  ],
  exports: [GoogleAccounts],
})
export class GoogleModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(GoogleAccounts) private readonly accounts: GoogleAccounts) {}

  onApplicationBootstrap(): void {
    this.accounts.start();
  }

  beforeApplicationShutdown(): void {
    this.accounts.stop();
  }
}
