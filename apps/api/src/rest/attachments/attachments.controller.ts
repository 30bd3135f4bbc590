import type { Level } from '@annal/domain';
import type { StoredAttachment } from '@annal/projections';
import { Controller, Delete, Get, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswersBytes, AnswersJson, AnswersNothing, AnswersText } from '../../http/open-api/answers.js';
import { AnswersOnlyNews, AnswersRanges, ReplacesKnown } from '../../http/open-api/conditional.js';
import { EMPTY_OBJECT, NAMES } from '../../http/open-api/shared-schemas.js';
import { Writes } from '../../http/writes.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { AttachmentAnswers } from './attachment-answers.js';
import { TakesBytes } from '../../http/open-api/takes.js';
import { Asks } from '../../http/open-api/asks.js';
import { flag } from '../../http/open-api/schema.js';
import { ATTACHMENTS, ATTACHMENT_INFO } from './attachment-description.js';

/** The routes of attachments, which every level has. */
abstract class AttachmentsController {
  constructor(
    private readonly level: Level,
    private readonly answers: AttachmentAnswers,
  ) {}

  @Get(':id/attachments')
  @ApiOperation({ summary: 'The names of the attachments, with full their numbers' })
  @Asks({ full: flag('Given with any value: their numbers, too') })
  @AnswersJson(ATTACHMENTS)
  list(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.answers.list(this.level, id, query);
  }

  @Get(':id/attachments/:name')
  @ApiOperation({ summary: 'What can be done with an attachment' })
  @AnswersJson(NAMES)
  @AnswersOnlyNews()
  operations(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.value(request, reply, () => OPERATIONS);
  }

  @Put(':id/attachments/:name')
  @Writes()
  @ApiOperation({ summary: 'Attach a file, in the place of the one that is there' })
  @ReplacesKnown()
  @TakesBytes('application/octet-stream')
  @AnswersJson(EMPTY_OBJECT)
  put(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.answers.put(this.level, request, reply);
  }

  @Delete(':id/attachments/:name')
  @Writes()
  @ApiOperation({ summary: 'Delete an attachment' })
  @ReplacesKnown()
  @AnswersNothing()
  async remove(@Req() request: FastifyRequest): Promise<string> {
    await this.answers.remove(this.level, request);
    return '';
  }

  @Get(':id/attachments/:name/data')
  @ApiOperation({ summary: 'The bytes of an attachment, or a range of them' })
  @AnswersBytes(['*/*'])
  @AnswersOnlyNews()
  @AnswersRanges('application/octet-stream')
  data(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.bytes(this.level, request, reply, false);
  }

  @Get(':id/attachments/:name/compressed-data')
  @ApiOperation({ summary: 'The bytes of an attachment as they are stored, or a range of them' })
  @AnswersBytes(['*/*'])
  @AnswersOnlyNews()
  @AnswersRanges('application/octet-stream')
  compressedData(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.bytes(this.level, request, reply, true);
  }

  @Get(':id/attachments/:name/size')
  @ApiOperation({ summary: 'The size of an attachment, bytes' })
  @AnswersText('Bytes')
  @AnswersOnlyNews()
  size(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.value(request, reply, ({ size }) => String(size));
  }

  @Get(':id/attachments/:name/compressed-size')
  @ApiOperation({ summary: 'The size of an attachment as it is stored, bytes' })
  @AnswersText('Bytes')
  @AnswersOnlyNews()
  compressedSize(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.value(request, reply, ({ storedSize }) => String(storedSize));
  }

  @Get(':id/attachments/:name/md5')
  @ApiOperation({ summary: 'The MD5 of an attachment' })
  @AnswersText('Hexadecimal digits')
  @AnswersOnlyNews()
  md5(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.value(request, reply, ({ md5 }) => md5 || undefined);
  }

  @Get(':id/attachments/:name/compressed-md5')
  @ApiOperation({ summary: 'The MD5 of an attachment as it is stored' })
  @AnswersText('Hexadecimal digits')
  @AnswersOnlyNews()
  compressedMd5(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.value(request, reply, ({ storedMd5 }) => storedMd5 || undefined);
  }

  @Get(':id/attachments/:name/is-compressed')
  @ApiOperation({ summary: 'Whether an attachment is stored compressed: 1 or 0' })
  @AnswersText('Whether it is', ['0', '1'])
  @AnswersOnlyNews()
  isCompressed(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.value(request, reply, ({ compression }) => (compression === 'none' ? '0' : '1'));
  }

  @Get(':id/attachments/:name/info')
  @ApiOperation({ summary: 'Sizes, MD5 and identifier of an attachment' })
  @AnswersJson(ATTACHMENT_INFO)
  @AnswersOnlyNews()
  info(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.value(request, reply, (stored) => ({
      CompressedMD5: stored.storedMd5,
      CompressedSize: stored.storedSize,
      ContentType: stored.contentType,
      UncompressedMD5: stored.md5,
      UncompressedSize: stored.size,
      Uuid: stored.blobKey,
    }));
  }

  @Post(':id/attachments/:name/verify-md5')
  @ApiOperation({ summary: 'Whether the stored bytes still have their MD5' })
  @AnswersJson(EMPTY_OBJECT)
  verify(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.answers.verify(this.level, request, reply);
  }

  @Post(':id/attachments/:name/compress')
  @Writes()
  @ApiOperation({ summary: 'Store an attachment compressed' })
  @AnswersJson(EMPTY_OBJECT)
  compress(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.answers.recode(this.level, request, reply, true);
  }

  @Post(':id/attachments/:name/uncompress')
  @Writes()
  @ApiOperation({ summary: 'Store an attachment uncompressed' })
  @AnswersJson(EMPTY_OBJECT)
  uncompress(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.answers.recode(this.level, request, reply, false);
  }

  private value(
    request: FastifyRequest,
    reply: FastifyReply,
    of: (stored: StoredAttachment) => unknown,
  ): Promise<unknown> {
    return this.answers.value(this.level, request, reply, of);
  }
}

const OPERATIONS = [
  'compress',
  'compressed-data',
  'compressed-md5',
  'compressed-size',
  'data',
  'info',
  'is-compressed',
  'md5',
  'size',
  'uncompress',
  'verify-md5',
];

@ApiTags('Patients')
@Controller('patients')
export class PatientAttachmentsController extends AttachmentsController {
  constructor(@Inject(AttachmentAnswers) answers: AttachmentAnswers) {
    super('Patient', answers);
  }
}

@ApiTags('Studies')
@Controller('studies')
export class StudyAttachmentsController extends AttachmentsController {
  constructor(@Inject(AttachmentAnswers) answers: AttachmentAnswers) {
    super('Study', answers);
  }
}

@ApiTags('Series')
@Controller('series')
export class SeriesAttachmentsController extends AttachmentsController {
  constructor(@Inject(AttachmentAnswers) answers: AttachmentAnswers) {
    super('Series', answers);
  }
}

@ApiTags('Instances')
@Controller('instances')
export class InstanceAttachmentsController extends AttachmentsController {
  constructor(@Inject(AttachmentAnswers) answers: AttachmentAnswers) {
    super('Instance', answers);
  }
}
