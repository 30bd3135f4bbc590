import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isKnown } from '../../http/answers/if-none-match.js';
import { notFound } from '../../http/errors/http-errors.js';
import { AnswersBytes } from '../../http/open-api/answers.js';
import { AnswersOnlyNews } from '../../http/open-api/conditional.js';
import { PAGE_TYPES, type PageFile, readPageFiles } from './page-files.js';

/** This server alone, no script in the page, and no HTML made of texts: what other servers say is shown. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The web page for using other DICOMweb servers, below `DicomWeb.Root`. */
@ApiTags('DICOMweb client')
@Controller('app/client')
export class ClientPageController {
  private readonly files: ReadonlyMap<string, PageFile> = readPageFiles();

  @Get(':file')
  @Header('Content-Security-Policy', POLICY)
  @Header('Referrer-Policy', 'no-referrer')
  @Header('Cache-Control', 'no-cache')
  @ApiOperation({ summary: 'The web page of the DICOMweb client, `index.html`, and what it is made of' })
  @AnswersBytes(PAGE_TYPES)
  @AnswersOnlyNews()
  file(@Param('file') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const file = this.files.get(name);
    if (!file) throw notFound();
    reply.header('ETag', file.etag);
    if (isKnown(request.headers['if-none-match'], file.etag)) reply.code(304).send();
    else reply.type(file.type).send(file.content);
  }
}
