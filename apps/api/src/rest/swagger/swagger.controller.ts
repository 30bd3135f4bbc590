import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Inject, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { notFound } from '../../http/errors/http-errors.js';
import { AnswersBytes, AnswersJson } from '../../http/open-api/answers.js';
import { OpenApiSource } from '../../http/open-api/open-api-source.js';
import { ANY_OBJECT } from '../../http/open-api/shared-schemas.js';
import { SWAGGER_INITIALIZER, SWAGGER_PAGE } from './swagger-page.js';

/** The files of the user interface that the page needs, and their types. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'application/javascript; charset=utf-8'],
  ['favicon-32x32.png', 'image/png'],
]);
/** It comes with the package that makes the description. */
const DESCRIBER = createRequire(import.meta.url).resolve('@nestjs/swagger');
const FOLDER = dirname(createRequire(DESCRIBER).resolve('swagger-ui-dist/package.json'));

/** The API, described from the code, with a page to try it; nothing is loaded from elsewhere. */
@ApiTags('System')
@Controller()
export class SwaggerController {
  constructor(@Inject(OpenApiSource) private readonly source: OpenApiSource) {}

  @Get('swagger.json')
  @ApiOperation({ summary: 'This description' })
  @AnswersJson(ANY_OBJECT)
  description(): object {
    return this.source.document;
  }

  @Get('swagger')
  @ApiOperation({ summary: 'This description as a page, from which requests can be tried' })
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header(
    'Content-Security-Policy',
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'self'",
  )
  @AnswersBytes(['text/html'])
  page(): string {
    return SWAGGER_PAGE;
  }

  @Get('swagger/initializer.js')
  @ApiOperation({ summary: 'The script that starts the page' })
  @Header('Content-Type', 'application/javascript; charset=utf-8')
  @AnswersBytes(['application/javascript'])
  initializer(): string {
    return SWAGGER_INITIALIZER;
  }

  @Get('swagger/:file')
  @ApiOperation({ summary: 'What the page is made of' })
  @AnswersBytes(['text/css', 'application/javascript', 'image/png'])
  async file(@Param('file') file: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const type = FILES.get(file);
    if (type === undefined) throw notFound();
    reply.header('Content-Type', type).header('Cache-Control', 'max-age=3600');
    return readFile(join(FOLDER, file));
  }
}
