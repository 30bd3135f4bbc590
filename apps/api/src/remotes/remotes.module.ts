import { Global, Module } from '@nestjs/common';
import { Remotes } from './remotes.service.js';

/** The other servers that this one knows. */
@Global()
@Module({ providers: [Remotes], exports: [Remotes] })
export class RemotesModule {}
