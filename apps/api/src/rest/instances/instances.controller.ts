import type { OrthancTags, TagFormat } from '@annal/dicom';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DICOM_JSON } from '../../dicomweb/common/dicom-json-description.js';
import { clientGone } from '../../http/answers/client-gone.js';
import { contentDisposition } from '../../http/answers/file-name.js';
import { sendBody, sendNothing, sendSized } from '../../http/answers/send-body.js';
import { isHead } from '../../http/head-requests.js';
import type { JsonText } from '../../http/json/render-json.js';
import { AnswersBytes, AnswersJson } from '../../http/open-api/answers.js';
import { TranscodeService } from '../../pixels/transcode.service.js';
import { isOn, type Query as Parameters } from '../resources/list-request.js';
import { formatOf } from '../resources/tag-format.js';
import { ReadServices, resourceController } from '../resources/resource.controller.js';
import { TAGS, TAGS_SIMPLIFIED } from '../resources/tags-description.js';
import { DicomWebFileService } from './dicom-web-file.service.js';
import { InstanceFileService } from './instance-file.service.js';
import { transcodeRequest } from './transcode-request.js';
import { WholeDataSetService } from './whole-data-set.service.js';
import { Asks } from '../../http/open-api/asks.js';
import { flag, text, whole } from '../../http/open-api/schema.js';
import { FULL_FORMAT, TAGS_QUERY } from '../resources/list-description.js';
import { ShowsResource } from '../resources/shows.js';

const WHOLE = { whole: flag('Whether tags behind the pixel data are shown, too') };
const FILE_QUERY = {
  transcode: text('UID of the transfer syntax into which the file is put'),
  'lossy-quality': whole('Quality of lossy JPEG', { minimum: 1, maximum: 100 }),
  filename: text('The name of the file, for the header Content-Disposition'),
};

@ApiTags('Instances')
@Controller('instances')
export class InstancesController extends resourceController('Instance') {
  constructor(
    @Inject(ReadServices) read: ReadServices,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
    @Inject(DicomWebFileService) private readonly dicomWeb: DicomWebFileService,
    @Inject(TranscodeService) private readonly transcoder: TranscodeService,
    @Inject(WholeDataSetService) private readonly wholeDataSets: WholeDataSetService,
  ) {
    super(read);
  }

  @Get(':id/patient')
  @ApiOperation({ summary: 'The patient of an instance' })
  @ShowsResource('Patient')
  patient(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Patient', this.level, id, query);
  }

  @Get(':id/study')
  @ApiOperation({ summary: 'The study of an instance' })
  @ShowsResource('Study')
  study(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Study', this.level, id, query);
  }

  @Get(':id/series')
  @ApiOperation({ summary: 'The series of an instance' })
  @ShowsResource('Series')
  series(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.resources.above('Series', this.level, id, query);
  }

  @Get(':id/tags')
  @ApiOperation({ summary: 'The tags of an instance; with whole, those behind the pixel data too' })
  @Asks({ ...TAGS_QUERY, ...WHOLE })
  @AnswersJson(TAGS)
  tags(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.tagsOf(id, query, formatOf(query, 'full'));
  }

  @Get(':id/simplified-tags')
  @ApiOperation({ summary: 'The tags of an instance by name; with whole, those behind the pixel data too' })
  @Asks({ 'ignore-length': TAGS_QUERY['ignore-length']!, ...WHOLE })
  @AnswersJson(TAGS_SIMPLIFIED)
  simplifiedTags(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.tagsOf(id, query, 'simplify');
  }

  @Get(':id/header')
  @ApiOperation({ summary: 'The file meta information of an instance' })
  @Asks(FULL_FORMAT)
  @AnswersJson(TAGS)
  header(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
    return this.read.tags.header(id, query);
  }

  @Get(':id/file')
  @ApiOperation({
    summary:
      'The DICOM file, in another transfer syntax with transcode, or its data set as JSON or XML, as Accept says',
  })
  @Asks(FILE_QUERY)
  @AnswersBytes(['application/dicom', 'application/dicom+json', 'application/dicom+xml'], DICOM_JSON)
  async file(
    @Param('id') id: string,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const transcoding = transcodeRequest(query);
    const file = await this.files.find(id);
    const accept = request.headers.accept?.trim();
    if (accept === 'application/dicom+json') {
      return sendBody(reply.type(accept), Buffer.from(await this.dicomWeb.json(file)));
    }
    if (accept === 'application/dicom+xml') {
      return sendBody(reply.type(accept), Buffer.from(await this.dicomWeb.xml(file)));
    }
    const { syntax, quality } = transcoding ?? {};
    const transcoded =
      syntax === undefined ? undefined : await this.transcoder.transcode(file, syntax, quality, clientGone(reply));
    reply.type('application/dicom');
    const name = query.filename ?? `${id}.dcm`;
    if (name !== '') reply.header('Content-Disposition', contentDisposition(name));
    if (transcoded) return sendBody(reply.header('Content-Length', transcoded.size), transcoded.stream);
    if (isHead(request.raw)) return sendNothing(reply.header('Content-Length', file.size));
    await sendSized(reply, await this.files.content(file));
  }

  /** With `whole`, those behind the pixel data too, for which the file is read. */
  private async tagsOf(id: string, query: Parameters, format: TagFormat): Promise<OrthancTags | JsonText> {
    const wanted = { toEnd: isOn(query, 'whole'), inFull: this.read.tags.inFull(query) };
    const isInFile = wanted.toEnd || wanted.inFull.size > 0;
    const dataset = isInFile ? await this.wholeDataSets.read(id, wanted) : undefined;
    return this.read.tags.tags(id, query, format, { dataset, toEnd: wanted.toEnd });
  }
}
