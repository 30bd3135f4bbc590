import type { AttachmentAdded, AttachmentRecoded, AttachmentRemoved, RecordedEvent, StoredBlob } from '@annal/domain';

interface Attached {
  blob: StoredBlob;
  revision: number;
}

/** What is attached to resources after a history, computed in the simplest way. */
export class NaiveAttachments {
  private readonly attached = new Map<string, Attached>();

  /** @param emit logs a change; @param discard makes garbage of a blob */
  constructor(
    private readonly emit: (change: string, id: string) => void,
    private readonly discard: (key: string) => void,
  ) {}

  /** Folds an event about an attachment of a resource that is there, or is not. */
  fold(event: RecordedEvent<AttachmentAdded | AttachmentRemoved | AttachmentRecoded>, isThere: boolean): void {
    const { id, contentType } = event.data;
    const place = `${id} ${contentType}`;
    const old = this.attached.get(place);
    const blob = 'blob' in event.data ? event.data.blob : undefined;
    if ('replaces' in event.data) {
      const { replaces } = event.data;
      this.discard(old?.blob.key === replaces ? replaces : blob!.key);
      if (old?.blob.key !== replaces) return;
      this.attached.set(place, {
        blob: { ...blob!, size: old.blob.size, md5: old.blob.md5 },
        revision: old.revision + 1,
      });
    } else {
      const { expected } = event.data;
      const conflicts =
        old &&
        expected &&
        (expected === 'absent' || expected.revision !== old.revision || expected.md5 !== old.blob.md5);
      if (!isThere || conflicts || (!blob && !old)) {
        if (blob) this.discard(blob.key);
        return;
      }
      if (old) this.discard(old.blob.key);
      this.attached.delete(place);
      if (blob) this.attached.set(place, { blob, revision: old ? old.revision + 1 : 0 });
    }
    this.emit('UpdatedAttachment', id);
  }

  /** Forgets those of a resource that is gone. */
  drop(id: string): void {
    for (const [place, { blob }] of this.attached) {
      if (!place.startsWith(`${id} `)) continue;
      this.discard(blob.key);
      this.attached.delete(place);
    }
  }

  /** `resource number revision blob size stored`, sorted. */
  list(): readonly string[] {
    return [...this.attached]
      .map(([place, { blob, revision }]) => `${place} ${revision} ${blob.key} ${blob.size} ${blob.storedSize}`)
      .sort();
  }
}
