import { COLLECTIONS, type StoreResult } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { announcedSize, bodyChunks } from '../../http/body/read-body.js';
import { AnswersJson, contentOf } from '../../http/open-api/answers.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { Intake, type UploadOrigin } from '../../intake/intake.js';
import { CONFIGURATION } from '../../tokens.js';
import { UPLOADED } from './upload-description.js';
import { uploadError } from './upload-error.js';
import { object, type Schema } from '../../http/open-api/schema.js';

const FORM = /^multipart\/form-data\b/i;

const FILE: Schema = { type: 'string', format: 'binary' };
const BODY = {
  required: true,
  content: {
    'application/dicom': { schema: FILE },
    'application/zip': { schema: FILE },
    'multipart/form-data': { schema: { ...object({ file: FILE }), additionalProperties: FILE } },
  },
};

@ApiTags('Instances')
@Controller('instances')
export class UploadsController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    private readonly intake: Intake,
  ) {}

  @Post()
  @Writes()
  @ApiOperation({
    summary: 'Store a DICOM file, or the DICOM files of a ZIP archive, told apart by content',
    requestBody: BODY,
  })
  @AnswersJson(
    UPLOADED,
    'What became of the instance, or a list of it of all instances of an archive; nothing for a form',
  )
  @ApiAcceptedResponse({
    description: 'The same: it is stored, but cannot be seen yet',
    content: contentOf(['application/json'], UPLOADED),
  })
  async upload(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    reply.status(200);
    const { MaxBodySize, MaxInflatedSize, MaxInflateRatio } = this.configuration.Annal.Limits;
    const size = announcedSize(request);
    const context = eventContextOf(request, this.configuration.Name);
    const origin: UploadOrigin = { context, ...(size === undefined ? {} : { size }) };
    const type = request.headers['content-type'] ?? '';
    try {
      const body = bodyChunks(request, { received: MaxBodySize, inflated: MaxInflatedSize, ratio: MaxInflateRatio });
      if (FORM.test(type) && /boundary=/i.test(type)) {
        await this.intake.uploadForm(body, type, origin);
        return undefined;
      }
      const result = await this.intake.upload(body, origin);
      const results = Array.isArray(result) ? (result as readonly StoreResult[]) : [result as StoreResult];
      if (results.some(({ status }) => status === 'NotYetVisible')) reply.status(202);
      return Array.isArray(result) ? results.map(answer) : answer(results[0]!);
    } catch (error) {
      throw uploadError(error);
    }
  }
}

function answer({ ids, status }: StoreResult): Record<string, string> {
  return {
    ID: ids.instance,
    ParentPatient: ids.patient,
    ParentSeries: ids.series,
    ParentStudy: ids.study,
    Path: `/${COLLECTIONS.Instance}/${ids.instance}`,
    Status: status,
  };
}
