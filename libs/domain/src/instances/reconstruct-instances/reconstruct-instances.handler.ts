import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope, type EventEnvelope } from '../../log/envelope.js';
import type { BlobStore } from '../../ports/blob-store.js';
import { AppendUnknown } from '../../ports/event-log.js';
import { type EventWriter, NotYetVisible } from '../../ports/event-writer.js';
import type { Sealer } from '../../ports/sealer.js';
import type { Level } from '../../resources/level.js';
import type { InstanceReconstructed } from './instance-reconstructed.js';
import { type ReadInstance, ReconstructInstances } from './reconstruct-instances.js';

const NOTHING = Buffer.alloc(0);

/** Appends what was read, together; headers too large for the log are durable before. */
@CommandHandler(ReconstructInstances)
export class ReconstructInstancesHandler implements ICommandHandler<ReconstructInstances> {
  constructor(
    private readonly writer: EventWriter,
    private readonly blobs: BlobStore,
    private readonly sealer: Sealer,
  ) {}

  async execute({ instances, only, context }: ReconstructInstances): Promise<void> {
    const kept: string[] = [];
    try {
      const events: EventEnvelope[] = [];
      for (const instance of instances) events.push(await this.event(instance, only, context, kept));
      await this.writer.submit(events);
    } catch (error) {
      // perhaps they are in the log: then their headers must stay
      if (!(error instanceof AppendUnknown || error instanceof NotYetVisible)) {
        await Promise.all(kept.map((key) => this.blobs.remove(key).catch(() => undefined)));
      }
      throw error;
    }
  }

  private async event(
    { file, described }: ReadInstance,
    only: Level | undefined,
    context: ReconstructInstances['context'],
    kept: string[],
  ): Promise<EventEnvelope<InstanceReconstructed>> {
    const { ids, tags, header, mainTagsSignatures, pixelDataOffset, pixelDataVr } = described;
    const sealedAs = this.blobs.newKey();
    // no bytes will be written under it
    await this.blobs.remove(sealedAs);
    const concerned = only === undefined || only === 'Instance' ? header : NOTHING;
    const { sealed, headerBlob } = await this.sealer.seal({ ids, blobKey: sealedAs, tags, header: concerned });
    if (headerBlob) {
      await this.blobs.put(sealed.headerBlob!, [headerBlob]);
      kept.push(sealed.headerBlob!);
    }
    const data: InstanceReconstructed['data'] = {
      ids,
      file,
      sealedAs,
      ...(only === undefined ? {} : { only }),
      ...(mainTagsSignatures === undefined ? {} : { mainTagsSignatures }),
      ...(pixelDataOffset === undefined ? {} : { pixelDataOffset }),
      ...(pixelDataVr === undefined ? {} : { pixelDataVr }),
    };
    return envelope<InstanceReconstructed>(
      { type: 'annal.instance.reconstructed.v1', data },
      `instances/${ids.instance}`,
      context,
      sealed,
    );
  }
}
