import { type EventContext, SetMetadata } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import { CONFIGURATION, LOGGER } from '../../tokens.js';
import { OHIF_METADATA } from './instance-summary.js';

/** A text for the metadata 4202 of an instance. */
export interface TextToKeep {
  /** The instance's identifier. */
  readonly id: string;
  readonly text: string;
}

/** Keeps metadata 4202 from the first look at a study on, where they are not preloaded. */
@Injectable()
export class KeptMetadata {
  /** Whether they are kept: with the data source dicom-json, without Preload, and where anything may be written. */
  readonly isOn: boolean;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const { OHIF, ReadOnly } = configuration;
    this.isOn = OHIF.DataSource === 'dicom-json' && !OHIF.Preload && !ReadOnly;
  }

  /** Those that are too long for a metadata are left out; what cannot be written is only logged, for who looks needs no more. */
  async keep(texts: readonly TextToKeep[], context: EventContext): Promise<void> {
    const { MaxMetadataPerResource, MaxMetadataSize } = this.configuration.Annal.Limits;
    const commands = texts
      .filter(({ text }) => text.length <= MaxMetadataSize)
      .map(({ id, text }) => {
        const target = { level: 'Instance', id, metadata: OHIF_METADATA } as const;
        return new SetMetadata(target, text, undefined, MaxMetadataPerResource, context);
      });
    // together, so that they are committed together
    const results = await Promise.allSettled(commands.map((command) => this.commands.execute(command)));
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') this.logger.warn({ err: failed.reason }, 'metadata 4202 could not be kept');
  }
}
