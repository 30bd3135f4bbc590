import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventEnvelope } from '../../log/envelope.js';
import type { BlobStore } from '../../ports/blob-store.js';
import { AppendUnknown } from '../../ports/event-log.js';
import { type EventWriter, NotYetVisible } from '../../ports/event-writer.js';
import type { ResourceLookup } from '../../ports/resource-lookup.js';
import type { SealedPart, Sealer } from '../../ports/sealer.js';
import type { StorageQuota } from '../../ports/storage-quota.js';
import { decide } from './decide.js';
import { GrowingSeries } from './growing-series.js';
import { StoreInstance, type StoreResult } from './store-instance.js';

/**
 * Stores an instance: bytes durable first, then the event, then the answer (docs/architecture.md, "Writing"). A crash
 * between any two steps leaves nothing but an orphan blob, which the sweeper takes.
 */
@CommandHandler(StoreInstance)
export class StoreInstanceHandler implements ICommandHandler<StoreInstance> {
  private readonly growing = new GrowingSeries();

  constructor(
    private readonly writer: EventWriter,
    private readonly blobs: BlobStore,
    private readonly lookup: ResourceLookup,
    private readonly quota: StorageQuota,
    private readonly sealer: Sealer,
  ) {}

  async execute(command: StoreInstance): Promise<StoreResult> {
    let event: ReturnType<typeof decide> | undefined;
    let existing: string | undefined;
    try {
      const [found, part] = await Promise.all([this.existingMd5(command), this.seal(command)]);
      existing = found;
      event = decide(command, existing, part.sealed);
      if (event.type === 'annal.instance.stored.v1') return await this.store(command, event, part);
    } catch (error) {
      // perhaps it is in the log: then its blob must stay
      if (!(error instanceof AppendUnknown)) await this.discard(command, event?.sealed?.headerBlob);
      throw error;
    }
    await command.file.discard();
    await this.writer.submit([event]).catch(unlessDurable);
    const { md5 } = command.file.blob;
    const differs = md5 !== '' && existing !== '' && md5 !== existing;
    return { status: 'AlreadyStored', ids: command.instance.ids, ...(differs && { differs }) };
  }

  private async existingMd5({ instance }: StoreInstance): Promise<string | undefined> {
    if (instance.overwrite || !this.growing.mayBeThere(instance.ids)) return undefined;
    return this.lookup.md5Of(instance.ids.instance);
  }

  private seal({ instance, file }: StoreInstance): Promise<SealedPart> {
    const { ids, tags, header } = instance;
    return this.sealer.seal({ ids, blobKey: file.blob.key, tags, header });
  }

  private async store(
    { instance, file }: StoreInstance,
    event: EventEnvelope,
    { sealed, headerBlob }: SealedPart,
  ): Promise<StoreResult> {
    const { ids, overwrite } = instance;
    const release = await this.quota.reserve({
      blobKey: file.blob.key,
      bytes: file.blob.storedSize,
      instanceId: ids.instance,
      overwrites: overwrite,
      patientId: ids.patient,
    });
    let coming = false;
    try {
      await file.save();
      if (headerBlob) await this.blobs.put(sealed.headerBlob!, [headerBlob]);
      const written = await this.writer.submit([event]).catch(unlessDurable);
      if (!written) {
        coming = true;
        return { status: 'NotYetVisible', ids };
      }
      const { outcomes } = written;
      const isNew = outcomes[0]?.kind !== 'already-stored';
      this.growing.note(ids, isNew);
      return { status: isNew ? 'Success' : 'AlreadyStored', ids };
    } catch (error) {
      coming = error instanceof AppendUnknown;
      throw error;
    } finally {
      // what is folded later needs its room until then; a reservation that is not given back lapses by itself
      if (!coming) await release().catch(() => undefined);
    }
  }

  /** What this leaves behind is an orphan, which the sweeper takes. */
  private async discard({ file }: StoreInstance, headerBlob: string | undefined): Promise<void> {
    await file.discard().catch(() => undefined);
    if (headerBlob !== undefined) await this.blobs.remove(headerBlob).catch(() => undefined);
  }
}

/** What is durable in the log is no failure, seen or not. */
function unlessDurable(error: unknown): undefined {
  if (!(error instanceof NotYetVisible)) throw error;
}
