import { COMPRESSED_FRAMES, MultipartRelated, OCTETS } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { begun } from '../../../http/answers/begun.js';
import { sendRanged } from '../../../http/answers/ranges.js';
import { sendBody, sendNothing, sendSized } from '../../../http/answers/send-body.js';
import { type SentBytes } from '../../../http/answers/sent-bytes.js';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { isHead } from '../../../http/head-requests.js';
import { complete } from '../../../http/answers/complete.js';
import { AnswersRanges } from '../../../http/open-api/conditional.js';
import { CONFIGURATION } from '../../../tokens.js';
import { acceptIn } from '../../common/accept.js';
import { allFrames } from '../../common/frame-numbers.js';
import { multipartBytes, multipartSize, type Part } from '../../common/part.js';
import { partsOf, Serves } from '../../common/serves.js';
import { unacceptable } from '../../common/unacceptable.js';
import { BulkDataService, type BulkFrames, type BulkValue } from './bulk-data.service.js';
import { type BulkFormat, bulkFormat } from './bulk-format.js';

const TYPES = [partsOf(OCTETS), OCTETS, ...COMPRESSED_FRAMES.map(partsOf)];

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
  @Serves({ summary: 'WADO-RS: the bytes that metadata refer to', types: TYPES, query: ['accept'] })
  @AnswersRanges(OCTETS)
  async value(
    @Param('study') study: string,
    @Param('series') series: string,
    @Param('instance') instance: string,
    @Param('*') path: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.bulkData.at({ study, series, instance }, path);
    const accept = acceptIn(request);
    const { range } = request.headers;
    const format = bulkFormat(accept, range !== undefined, 'count' in found ? found.mediaType : undefined);
    if (!format) throw unacceptable(this.strict, accept);
    if ('count' in found) await sendFrames(request, reply, found, format);
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
  const whole = { headers: { 'Content-Type': OCTETS }, size };
  reply.header('Content-Length', multipartSize(OCTETS, [whole]));
  await sendParts(request, reply, OCTETS, async function* () {
    yield { ...whole, bytes: complete(await value.open(0, size), size) };
  });
}

/** Frames: a part each, compressed as they are stored, or decoded. The first is there before the answer begins. */
async function sendFrames(
  request: FastifyRequest,
  reply: FastifyReply,
  frames: BulkFrames,
  { single, asStored }: BulkFormat,
): Promise<void> {
  const type = asStored ? frames.mediaType : OCTETS;
  if (single && frames.count > 1) throw new OrthancError('BadRequest', 'Several frames need a multipart answer');
  const read = async (frame: number): Promise<SentBytes> => {
    if (asStored) return frames.stored(frame);
    const bytes = await frames.decoded(frame);
    return { bytes, size: bytes.length };
  };
  if (single) return sendSized(reply.type(type), await read(0));
  const headers = { 'Content-Type': asStored ? `${type}; transfer-syntax=${frames.transferSyntax}` : type };
  await sendParts(request, reply, type, async function* () {
    for (const frame of allFrames(frames.count)) yield { headers, ...(await read(frame)) };
  });
}

async function sendParts(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  parts: () => AsyncGenerator<Part, void>,
): Promise<void> {
  const frame = new MultipartRelated(type);
  reply.type(frame.contentType);
  if (isHead(request.raw)) await sendNothing(reply);
  else await sendBody(reply, await begun(multipartBytes(frame, parts())));
}
