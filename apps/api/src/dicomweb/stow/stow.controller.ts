import { defaultCharacterSets, type DicomDictionary } from '@annal/dicom';
import { nativeDicomXml } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { applyDecorators, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyChunks } from '../../http/body/read-body.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { TakesBytes } from '../../http/open-api/takes.js';
import { Writes } from '../../http/writes.js';
import type { RuntimeSettings } from '../../server/runtime-settings.js';
import { CONFIGURATION, DICTIONARY, RUNTIME_SETTINGS } from '../../tokens.js';
import { DICOM_JSON } from '../common/dicom-json-description.js';
import { partsOf, Serves } from '../common/serves.js';
import { WebUrls } from '../common/web-urls.js';
import { stowAnswer } from './stow-answer.js';
import { answerType, payloadOf } from './stow-media-types.js';
import { pluginStatus, standardStatus } from './stow-outcome.js';
import { StowService } from './stow.service.js';

const BODIES = ['application/dicom', 'application/dicom+json', 'application/dicom+xml'].map(partsOf);

const Takes = (summary: string): MethodDecorator =>
  applyDecorators(
    Serves({ summary, types: ['application/dicom+json', 'application/dicom+xml'], json: DICOM_JSON }),
    TakesBytes(...BODIES, 'application/dicom'),
  );

/** The Studies Store transaction (PS3.18 section 10.5). */
@ApiTags('DICOMweb')
@Controller('studies')
@Writes()
export class StowController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(RUNTIME_SETTINGS) private readonly settings: RuntimeSettings,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    private readonly urls: WebUrls,
    private readonly service: StowService,
  ) {}

  @Post()
  @Takes('Store instances of any studies')
  all(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.store(undefined, request, reply);
  }

  @Post(':study')
  @Takes('Store instances of one study; others are refused')
  one(
    @Param('study') study: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.store(study, request, reply);
  }

  private async store(study: string | undefined, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const { Annal, Name } = this.configuration;
    const strict = Annal.DicomWebStrictStatus;
    const payload = payloadOf(request.headers['content-type']);
    const form = answerType(request.headers.accept, strict ? 406 : 400);
    const { MaxBodySize: received, MaxInflatedSize: inflated, MaxInflateRatio: ratio } = Annal.Limits;
    const body = bodyChunks(request, { received, inflated, ratio });
    const context = eventContextOf(request, Name, 'dicomweb');
    const outcomes = await this.service.store(body, payload, { context, study });
    const { status, retry } = strict ? standardStatus(outcomes) : pluginStatus(outcomes);
    const answer = stowAnswer(outcomes, {
      base: this.urls.base(request),
      characterSet: defaultCharacterSets(this.settings.get('defaultEncoding'))[0]!,
      otherFailures: strict,
    });
    reply.status(status).header('Content-Type', form);
    if (retry) reply.header('Retry-After', '5');
    return form === 'application/dicom+xml' ? nativeDicomXml(answer, this.dictionary) : JSON.stringify(answer);
  }
}
