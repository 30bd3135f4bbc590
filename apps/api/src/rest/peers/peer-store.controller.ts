import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AnswersJson } from '../../http/open-api/answers.js';
import { ANY_OBJECT } from '../../http/open-api/shared-schemas.js';
import { Writes } from '../../http/writes.js';
import { PeerStore } from './peer-store.service.js';
import { flag, object, type Schema, text, texts } from '../../http/open-api/schema.js';
import { TakesBytes, TakesJson } from '../../http/open-api/takes.js';
import { JOB_ANSWER, PERMISSIVE_JOB_FIELDS } from '../../jobs/job-description.js';

const RESOURCES = texts('Orthanc identifiers of patients, studies, series and instances');
const BODY: Schema = {
  oneOf: [
    text('One Orthanc identifier'),
    RESOURCES,
    object(
      {
        Resources: RESOURCES,
        Compress: flag('Whether files are compressed with gzip on their way'),
        Transcode: text('UID of the transfer syntax into which files are put'),
        ...PERMISSIVE_JOB_FIELDS,
      },
      ['Resources'],
    ),
  ],
};

/** What is sent to peers. */
@ApiTags('Peers')
@Controller('peers/:id')
@Writes()
export class PeerStoreController {
  constructor(@Inject(PeerStore) private readonly peers: PeerStore) {}

  @Post('store')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send the DICOM files of resources to a peer' })
  @TakesJson(BODY)
  @AnswersJson(JOB_ANSWER)
  store(@Param('id') name: string, @Req() request: FastifyRequest): Promise<object> {
    return this.peers.store(name, request);
  }

  @Post('store-straight')
  @HttpCode(200)
  @ApiOperation({ summary: 'Hand a DICOM file on to a peer, without keeping it' })
  @TakesBytes('application/dicom')
  @AnswersJson(ANY_OBJECT, 'What the peer answered')
  straight(@Param('id') name: string, @Req() request: FastifyRequest): Promise<object> {
    return this.peers.straight(name, request);
  }
}
