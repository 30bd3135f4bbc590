import { createHash } from 'node:crypto';
import {
  COLLECTIONS,
  envelope,
  type EventContext,
  type EventEnvelope,
  type ExpectedAttachment,
  type Level,
  type StoredBlob,
} from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';

/** Something that happens to an attachment. */
export interface AttachmentChange {
  readonly kind: 'attach' | 'detach' | 'recode';
  readonly level: Level;
  readonly id: string;
  readonly contentType: number;
  readonly size: number;
  readonly expected: 'anything' | 'absent' | 'the last';
}

/** Makes events of attachments that speak of those before, as far as a client could know them. */
export class AttachmentHistory {
  private readonly last = new Map<string, StoredBlob>();

  /** Takes note of what a client knows to have sent. */
  note(level: Level, id: string, contentType: number, blob: StoredBlob): void {
    this.last.set(`${level} ${id} ${contentType}`, blob);
  }

  /** The DICOM file of an instance as a client knows it. */
  fileOf(instanceId: string): StoredBlob {
    return this.last.get(`Instance ${instanceId} 1`) ?? blobOf(1);
  }

  event({ kind, level, id, contentType, size, expected }: AttachmentChange, context: EventContext): EventEnvelope {
    const last = this.last.get(`${level} ${id} ${contentType}`);
    const subject = `${COLLECTIONS[level]}/${id}`;
    if (kind === 'recode') {
      const blob = {
        ...(last ?? blobOf(size)),
        key: uuidv7(),
        storedSize: size,
        compression: 'zlib-with-size',
      } as const;
      this.note(level, id, contentType, blob);
      const data = { level, id, contentType, replaces: last?.key ?? uuidv7(), blob };
      return envelope({ type: 'annal.attachment.recoded.v1', data }, subject, context);
    }
    // the DICOM file is no user's
    const place = { level, id, contentType: contentType === 1 ? 1026 : contentType };
    const wanted: { expected?: ExpectedAttachment } =
      expected === 'anything'
        ? {}
        : { expected: expected === 'absent' ? expected : { revision: 0, md5: last?.md5 ?? '' } };
    if (kind === 'detach') {
      return envelope({ type: 'annal.attachment.removed.v1', data: { ...place, ...wanted } }, subject, context);
    }
    const blob = blobOf(size);
    this.note(level, id, place.contentType, blob);
    return envelope({ type: 'annal.attachment.added.v1', data: { ...place, ...wanted, blob } }, subject, context);
  }
}

function blobOf(size: number): StoredBlob {
  const md5 = createHash('md5').update(String(size)).digest('hex');
  return { key: uuidv7(), size, md5, storedSize: size, storedMd5: md5, compression: 'none' };
}
