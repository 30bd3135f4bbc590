import { MultipartRelated } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { sendRanged } from '../../../http/answers/ranges.js';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { isHead } from '../../../http/head-requests.js';
import { CONFIGURATION } from '../../../tokens.js';
import { unacceptable } from '../../common/unacceptable.js';
import { BulkDataService, type BulkFrames, type BulkValue } from './bulk-data.service.js';
import { type BulkFormat, bulkFormat, OCTETS } from './bulk-format.js';

const MIME = { 'MIME-Version': '1.0' };

@ApiTags('DICOMweb')
@Controller('studies/:study/series/:series/instances/:instance/bulk')
export class BulkDataController {
  private readonly strict: boolean;

  constructor(
    @Inject(BulkDataService) private readonly bulkData: BulkDataService,
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
  ) {
    this.strict = Annal.DicomWebStrictStatus;
  }

  @Get('*')
  @ApiOperation({ summary: 'WADO-RS: the bytes that metadata refer to' })
  async value(
    @Param('study') study: string,
    @Param('series') series: string,
    @Param('instance') instance: string,
    @Param('*') path: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.bulkData.at({ study, series, instance }, path);
    const { accept, range } = request.headers;
    const format = bulkFormat(accept, range !== undefined, 'count' in found ? found.mediaType : undefined);
    if (!format) throw unacceptable(this.strict, accept);
    if ('count' in found) await sendFrames(reply, found, format);
    else await sendValue(request, reply, found, format);
  }
}

/** Bytes: as they are, of which parts can be asked for, or as the one part of a multipart body. */
async function sendValue(
  request: FastifyRequest,
  reply: FastifyReply,
  value: BulkValue,
  { single }: BulkFormat,
): Promise<void> {
  const { size } = value;
  if (single) {
    const open: BulkValue['open'] = (start, end) => value.open(start, end);
    await sendRanged(request, reply, { size, type: OCTETS, open });
    return;
  }
  const multipart = new MultipartRelated(OCTETS);
  const head = multipart.head({ 'Content-Type': OCTETS, 'Content-Length': size, ...MIME });
  const end = multipart.end();
  reply.header('Content-Type', multipart.contentType).header('Content-Length', head.length + size + end.length);
  const source = isHead(request.raw) ? undefined : await value.open(0, size);
  await reply.send(source ? Readable.from(framed(head, source, end), { objectMode: false }) : Readable.from([]));
}

async function* framed(head: Buffer, source: Readable, end: Buffer): AsyncGenerator<Buffer, void> {
  yield head;
  yield* source as AsyncIterable<Buffer>;
  yield end;
}

/** Frames: a part each, compressed as they are stored, or decoded. The first is there before the answer begins. */
async function sendFrames(reply: FastifyReply, frames: BulkFrames, { single, asStored }: BulkFormat): Promise<void> {
  const type = asStored ? frames.mediaType : OCTETS;
  if (single && frames.count > 1) throw new OrthancError('BadRequest', 'Several frames need a multipart answer');
  const read = async (frame: number): Promise<{ readonly stream: Readable; readonly size: number }> => {
    if (asStored) return frames.stored(frame);
    const bytes = await frames.decoded(frame);
    return { stream: Readable.from([bytes]), size: bytes.length };
  };
  const first = await read(0);
  if (single) {
    reply.header('Content-Type', type).header('Content-Length', first.size);
    await reply.send(first.stream);
    return;
  }
  const multipart = new MultipartRelated(type);
  const partType = asStored ? `${type}; transfer-syntax=${frames.transferSyntax}` : type;
  reply.header('Content-Type', multipart.contentType);
  await reply.send(Readable.from(parts(), { objectMode: false }));

  async function* parts(): AsyncGenerator<Buffer, void> {
    for (let frame = 0; frame < frames.count; frame++) {
      const { stream, size } = frame === 0 ? first : await read(frame);
      yield multipart.head({ 'Content-Type': partType, 'Content-Length': size, ...MIME });
      yield* stream as AsyncIterable<Buffer>;
    }
    yield multipart.end();
  }
}
