import type { DicomDictionary } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswersOnlyNews } from '../../http/open-api/conditional.js';
import { CONFIGURATION, DICTIONARY } from '../../tokens.js';
import { acceptIn } from '../common/accept.js';
import { WebUrls } from '../common/web-urls.js';
import { partsOf, Serves } from '../common/serves.js';
import { sendJson } from './json-answer.js';
import type { MetadataBlock } from './metadata-block.js';
import { metadataFormat } from './metadata-format.js';
import { type FoundMetadata, MetadataService } from './metadata.service.js';
import { sendXml } from './xml-answer.js';

const TYPES = ['application/dicom+json', partsOf('application/dicom+xml')];

@ApiTags('DICOMweb')
@Controller('studies/:study')
export class MetadataController {
  private readonly strict: boolean;

  constructor(
    @Inject(MetadataService) private readonly metadata: MetadataService,
    @Inject(WebUrls) private readonly urls: WebUrls,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
  ) {
    this.strict = Annal.DicomWebStrictStatus;
  }

  @Get('metadata')
  @Serves({ summary: 'WADO-RS: the metadata of all instances of a study', types: TYPES, query: ['accept'] })
  @AnswersOnlyNews()
  ofStudy(@Param('study') study: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, reply, () => this.metadata.found(study));
  }

  @Get('series/:series/metadata')
  @Serves({ summary: 'WADO-RS: the metadata of all instances of a series', types: TYPES, query: ['accept'] })
  @AnswersOnlyNews()
  ofSeries(
    @Param('study') study: string,
    @Param('series') series: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer(request, reply, () => this.metadata.found(study, series));
  }

  @Get('series/:series/instances/:instance/metadata')
  @Serves({ summary: 'WADO-RS: the metadata of an instance', types: TYPES, query: ['accept'] })
  @AnswersOnlyNews()
  ofInstance(
    @Param('study') study: string,
    @Param('series') series: string,
    @Param('instance') instance: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer(request, reply, async () => single(await this.metadata.instance(study, series, instance)));
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    find: () => Promise<FoundMetadata>,
  ): Promise<void> {
    const format = metadataFormat(acceptIn(request), this.strict);
    const found = await find();
    const base = this.urls.base(request);
    if (format === 'xml') return sendXml(reply, found.blocks(), base, this.dictionary);
    return sendJson(request, reply, { ...found, base });
  }
}

/** One instance, whose text tells its version. */
function single(block: MetadataBlock | undefined): FoundMetadata {
  const blocks = block ? [block] : [];
  return {
    identity: blocks.map((each) => each.digest()),
    ready: () => blocks,
    blocks: async function* () {
      yield* blocks;
    },
  };
}
