import { createHash } from 'node:crypto';
import {
  AddAttachment,
  type AttachmentPlace,
  type BlobStore,
  BlobMissing,
  type EventContext,
  type Expected,
  type ExpectedAttachment,
  type FileOwner,
  isUserContentType,
  type Level,
  type Revision,
  RecodeAttachment,
  RemoveAttachment,
} from '@annal/domain';
import { type AnnalConfiguration, openStoredFile } from '@annal/platform';
import {
  type AttachedResource,
  readAttachments,
  type StatementRunner,
  type StoredAttachment,
} from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type SentBytes } from '../../http/answers/sent-bytes.js';
import { storedBytes } from '../../http/answers/stored-bytes.js';
import { BareStatus, OrthancError, tooLarge } from '../../http/errors/http-errors.js';
import { Intake } from '../../intake/intake.js';
import { BLOB_STORE, CONFIGURATION, POOL } from '../../tokens.js';
import { fileRevision } from '../metadata/entity-tag.js';
import { uploadError } from '../uploads/upload-error.js';
import { ContentTypeNames } from './content-type-names.js';

/** A resource, and which of its attachments is meant, by name or number. */
export interface NamedAttachment {
  readonly level: Level;
  readonly id: string;
  readonly name: string;
}

/** A body on its way in. */
export interface ArrivingFile {
  readonly chunks: AsyncIterable<Buffer>;
  /** Bytes, where the sender says so. */
  readonly size: number | undefined;
}

const RETRIES = 5;

/** Reads and changes the attachments of resources. */
@Injectable()
export class AttachmentsService {
  readonly names: ContentTypeNames;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(Intake) private readonly intake: Intake,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {
    this.names = new ContentTypeNames(configuration.UserContentType);
  }

  /** All attachments of a resource, the DICOM file of an instance first. @throws OrthancError 404 */
  async all(level: Level, id: string): Promise<readonly StoredAttachment[]> {
    return (await this.resource(level, id)).attachments;
  }

  /** @throws OrthancError 404, 400 */
  async one({ level, id, name }: NamedAttachment): Promise<StoredAttachment> {
    return (await this.found(level, id, this.names.parse(name))).attachment;
  }

  /**
   * An attachment as it is sent, or its bytes from `start` to `end` (exclusive).
   * @param raw as it is stored
   * @throws OrthancError 404, 500 where there are fewer bytes than there were
   */
  content(stored: StoredAttachment, raw: boolean, start: number, end: number): Promise<SentBytes> {
    const isPlain = raw || stored.compression === 'none';
    const open = (): Promise<Readable> => this.open(stored, raw, start, end);
    return storedBytes(end - start, {
      read: () => (isPlain ? this.blobs.read(stored.blobKey, start, end).catch(missing) : open().then(buffer)),
      open,
    });
  }

  /** The bytes of an attachment, or of how it is stored, from `start` to `end` (exclusive). @throws OrthancError 404 */
  async open(stored: StoredAttachment, raw: boolean, start?: number, end?: number): Promise<Readable> {
    const compression = raw ? 'none' : stored.compression;
    return openStoredFile(this.blobs, { key: stored.blobKey, compression }, start, end).catch(missing);
  }

  /** Which attachment a name means, if users may set it. @throws OrthancError 404, BareStatus 403 */
  settable({ level, id, name }: NamedAttachment): AttachmentPlace {
    const contentType = this.names.parse(name);
    if (!isUserContentType(contentType)) throw new BareStatus(403);
    return { level, id, contentType };
  }

  /** As `settable`, for what users may take off. */
  removable(named: NamedAttachment): AttachmentPlace {
    const contentType = this.names.parse(named.name);
    return GENERATED.has(contentType) ? { level: named.level, id: named.id, contentType } : this.settable(named);
  }

  /** Attaches a file. @throws OrthancError 404, 409, 413, 507 */
  async add(
    place: AttachmentPlace,
    expected: Expected,
    arriving: ArrivingFile,
    context: EventContext,
  ): Promise<Revision> {
    const { level, id, contentType } = place;
    const resource = await readAttachments(this.pool, level, id);
    if (!resource) throw new OrthancError('InexistentItem');
    this.checkCount(resource, contentType);
    const { StorageCompression: compress } = this.configuration;
    const { chunks, size } = arriving;
    const { patientId, attachments } = resource;
    const replacedBytes = attachments.find((one) => one.contentType === contentType)?.storedSize ?? 0;
    const owner: FileOwner = { resourceId: id, patientId, replacedBytes };
    const options = { compress, ...(size === undefined ? {} : { size }) };
    try {
      return await this.intake.receive(chunks, options, async (file) => {
        const added = await this.commands.execute(new AddAttachment(place, owner, wanted(expected), file, context));
        if (added.kind === 'not-found') throw new OrthancError('InexistentItem');
        if (added.kind === 'conflict') throw new OrthancError('Revision');
        return fileRevision(added.revision, file.blob.md5, file.blob.key);
      });
    } catch (error) {
      throw uploadError(error);
    }
  }

  /** Takes an attachment off. @throws OrthancError 404, 409 */
  async remove(place: AttachmentPlace, expected: Expected, context: EventContext): Promise<void> {
    if (expected === 'unsaid') {
      throw new OrthancError('Revision', 'HTTP header "If-Match" is missing, as "CheckRevisions" is "true"');
    }
    await this.found(place.level, place.id, place.contentType);
    const result = await this.commands.execute(new RemoveAttachment(place, wanted(expected), context));
    if (result === 'not-found') throw new OrthancError('UnknownResource');
    if (result === 'conflict') throw new OrthancError('Revision');
  }

  /** Has an attachment stored compressed, or not; one that is already stays. @throws OrthancError 404, 500, 507 */
  async recode({ level, id, name }: NamedAttachment, compress: boolean, context: EventContext): Promise<void> {
    const contentType = this.names.parse(name);
    for (let attempt = 0; attempt < RETRIES; attempt += 1) {
      const { attachment, patientId } = await this.found(level, id, contentType);
      if ((attachment.compression !== 'none') === compress || attachment.size === 0) return;
      const bytes = (await this.open(attachment, false)) as AsyncIterable<Buffer>;
      const { blobKey, size, md5, storedSize: replacedBytes } = attachment;
      const owner: FileOwner = { resourceId: id, patientId, replacedBytes };
      try {
        const result = await this.intake.receive(bytes, { compress, size }, async (file) => {
          if (file.blob.size !== size || (md5 !== '' && file.blob.md5 !== '' && file.blob.md5 !== md5)) {
            await file.discard();
            throw new OrthancError('CorruptedFile');
          }
          const place = { level, id, contentType };
          return this.commands.execute(new RecodeAttachment(place, owner, blobKey, file, context));
        });
        if (result === 'recoded') return;
      } catch (error) {
        throw uploadError(error);
      }
    }
    throw new OrthancError('Revision');
  }

  /** Whether the stored bytes, and what they are once inflated, still have the MD5 that was kept. @throws OrthancError 404 */
  async isIntact(named: NamedAttachment): Promise<boolean> {
    const contentType = this.names.parse(named.name);
    const { attachments } = await this.resource(named.level, named.id);
    const stored = attachments.find((one) => one.contentType === contentType);
    if (!stored || stored.md5 === '') return false;
    if ((await this.md5(stored, true)) !== stored.storedMd5) return false;
    return stored.compression === 'none' || (await this.md5(stored, false)) === stored.md5;
  }

  private async md5(stored: StoredAttachment, raw: boolean): Promise<string | undefined> {
    const hash = createHash('md5');
    try {
      for await (const chunk of await this.open(stored, raw)) hash.update(chunk as Buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) return undefined;
      throw error;
    }
    return hash.digest('hex');
  }

  private async resource(level: Level, id: string): Promise<AttachedResource> {
    const resource = await readAttachments(this.pool, level, id);
    if (!resource) throw new OrthancError('UnknownResource');
    return resource;
  }

  private async found(
    level: Level,
    id: string,
    contentType: number,
  ): Promise<{ readonly attachment: StoredAttachment; readonly patientId: string }> {
    const { attachments, patientId } = await this.resource(level, id);
    const attachment = attachments.find((one) => one.contentType === contentType);
    if (!attachment) throw new OrthancError('UnknownResource');
    return { attachment, patientId };
  }

  private checkCount({ attachments }: AttachedResource, contentType: number): void {
    const { MaxAttachments } = this.configuration.Annal.Limits;
    const users = attachments.filter((one) => isUserContentType(one.contentType));
    if (users.length < MaxAttachments || users.some((one) => one.contentType === contentType)) return;
    throw tooLarge(`${MaxAttachments} attachments of one resource`);
  }
}

/** Kinds that Orthanc makes again when they are needed, and lets be deleted: DICOM as JSON. */
const GENERATED: ReadonlySet<number> = new Set([2]);

/** What must be there; who says nothing of it, but should, means that there is nothing yet. */
function wanted(expected: Expected): ExpectedAttachment | undefined {
  if (expected === undefined) return undefined;
  return expected === 'unsaid' ? 'absent' : { revision: expected.number, md5: expected.md5 };
}

function missing(error: unknown): never {
  throw error instanceof BlobMissing ? new OrthancError('InexistentFile') : error;
}
