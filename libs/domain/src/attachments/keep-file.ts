import type { EventEnvelope } from '../log/envelope.js';
import { AppendUnknown } from '../ports/event-log.js';
import { type EventWriter, NotYetVisible } from '../ports/event-writer.js';
import type { IncomingFile } from '../ports/incoming-file.js';
import type { Outcome } from '../ports/outcome.js';
import type { StorageQuota } from '../ports/storage-quota.js';

/** Whom a file belongs to, by Orthanc identifiers. */
export interface FileOwner {
  readonly resourceId: string;
  readonly patientId: string;
  /** Bytes of the stored file that this one replaces. */
  readonly replacedBytes: number;
}

/**
 * Keeps a file, then appends the event that names it: room first, bytes durable next, the event last. A file without an
 * event is removed again; one whose event may be in the log stays.
 * @returns what the fold made of the event; null: plain success
 * @throws StorageFull, AppendRefused, AppendUnknown, NotYetVisible
 */
export async function keepFile(
  file: IncomingFile,
  owner: FileOwner,
  event: EventEnvelope,
  { writer, quota }: { readonly writer: EventWriter; readonly quota: StorageQuota },
): Promise<Outcome | null> {
  let stays = false;
  let release = async (): Promise<void> => undefined;
  try {
    release = await quota.reserve({
      blobKey: file.blob.key,
      bytes: file.blob.storedSize,
      replacedBytes: owner.replacedBytes,
      instanceId: owner.resourceId,
      patientId: owner.patientId,
    });
    await file.save();
    const { outcomes } = await writer.submit([event]);
    return outcomes[0] ?? null;
  } catch (error) {
    stays = error instanceof AppendUnknown || error instanceof NotYetVisible;
    if (!stays) await file.discard().catch(() => undefined);
    throw error;
  } finally {
    // what is folded later needs its room until then; a reservation that is not given back lapses by itself
    if (!stays) await release().catch(() => undefined);
  }
}
