import type { Expected, Level } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import type { StoredAttachment } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contentDisposition } from '../../http/answers/file-name.js';
import { sendNothing, sendSized } from '../../http/answers/send-body.js';
import { announcedSize, bodyChunks } from '../../http/body/read-body.js';
import { BareStatus, notFound } from '../../http/errors/http-errors.js';
import { isHead } from '../../http/head-requests.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { CONFIGURATION } from '../../tokens.js';
import { entityTag, expectedRevision, fileRevision, knownRevision } from '../metadata/entity-tag.js';
import type { Query } from '../resources/list-request.js';
import { attachmentRange } from './attachment-range.js';
import { AttachmentsService, type NamedAttachment } from './attachments.service.js';

const ANY_TYPE = 'application/octet-stream';

/** Requests about attachments and their answers. */
@Injectable()
export class AttachmentAnswers {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(AttachmentsService) private readonly attachments: AttachmentsService,
  ) {}

  /** Names in the order of their numbers; with `full` also the numbers. @throws OrthancError 404 */
  async list(level: Level, id: string, query: Query): Promise<unknown> {
    const all = await this.attachments.all(level, id);
    const named = all.map(({ contentType }) => [this.attachments.names.nameOf(contentType), contentType] as const);
    return query.full === undefined ? named.map(([name]) => name) : Object.fromEntries(named);
  }

  /**
   * Something about an attachment, unless the client knows its revision.
   * @param of undefined: it is not known
   * @throws OrthancError 400, 404, BareStatus 304, 404
   */
  async value(
    level: Level,
    request: FastifyRequest,
    reply: FastifyReply,
    of: (stored: StoredAttachment) => unknown,
  ): Promise<unknown> {
    const value = of(await this.current(level, request, reply));
    if (value === undefined) throw notFound();
    return value;
  }

  /** The bytes, or the range of them that is asked for. @param raw as they are stored */
  async bytes(level: Level, request: FastifyRequest, reply: FastifyReply, raw: boolean): Promise<void> {
    const stored = await this.current(level, request, reply);
    const size = raw ? stored.storedSize : stored.size;
    const range = attachmentRange(request.headers.range, size);
    if (range) {
      const { start, end } = range;
      reply.code(206).header('Content-Range', `bytes ${start}-${end - 1}/${size}`);
      reply.type(ANY_TYPE);
      return sendSized(reply, await this.attachments.content(stored, raw, start, end));
    }
    const isDeflated = raw && stored.compression !== 'none';
    reply.type(isDeflated ? ANY_TYPE : this.attachments.names.mediaTypeOf(stored.contentType));
    const name = (request.query as Query).filename ?? stored.blobKey;
    if (!isDeflated && name !== '') reply.header('Content-Disposition', contentDisposition(name));
    if (isHead(request.raw)) return sendNothing(reply.header('Content-Length', size));
    await sendSized(reply, await this.attachments.content(stored, raw, 0, size));
  }

  /** @throws OrthancError 400, 404, 409, 413, 507, BareStatus 403 */
  async put(level: Level, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const { MaxAttachmentSize, MaxInflateRatio } = this.configuration.Annal.Limits;
    const place = this.attachments.settable(named(level, request));
    const expected = this.expected(request);
    const limits = { received: MaxAttachmentSize, inflated: MaxAttachmentSize, ratio: MaxInflateRatio };
    const arriving = { chunks: bodyChunks(request, limits), size: announcedSize(request) };
    const added = await this.attachments.add(place, expected, arriving, this.context(request));
    reply.header('ETag', entityTag(added));
    return done(reply);
  }

  /** @throws OrthancError 400, 404, 409, BareStatus 403 */
  async remove(level: Level, request: FastifyRequest): Promise<void> {
    const place = this.attachments.removable(named(level, request));
    await this.attachments.remove(place, this.expected(request), this.context(request));
  }

  /** @throws OrthancError 404, 500, 507 */
  async recode(level: Level, request: FastifyRequest, reply: FastifyReply, compress: boolean): Promise<string> {
    await this.attachments.recode(named(level, request), compress, this.context(request));
    return done(reply);
  }

  /** @throws OrthancError 404, BareStatus 400 where the bytes are damaged, or no MD5 was kept */
  async verify(level: Level, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    if (!(await this.attachments.isIntact(named(level, request)))) throw new BareStatus(400);
    return done(reply);
  }

  private async current(level: Level, request: FastifyRequest, reply: FastifyReply): Promise<StoredAttachment> {
    const stored = await this.attachments.one(named(level, request));
    const tag = entityTag(fileRevision(stored.revision, stored.md5, stored.blobKey));
    const known = knownRevision(request.headers['if-none-match']);
    if (known && entityTag(known) === tag) throw new BareStatus(304, { ETag: tag });
    reply.header('ETag', tag);
    return stored;
  }

  private expected(request: FastifyRequest): Expected {
    return expectedRevision(request.headers['if-match'], this.configuration.CheckRevisions);
  }

  private context(request: FastifyRequest): ReturnType<typeof eventContextOf> {
    return eventContextOf(request, this.configuration.Name);
  }
}

function named(level: Level, request: FastifyRequest): NamedAttachment {
  const { id, name } = request.params as { id: string; name: string };
  return { level, id, name };
}

/** The answer to a change. */
function done(reply: FastifyReply): string {
  reply.type('application/json');
  return '{}';
}
