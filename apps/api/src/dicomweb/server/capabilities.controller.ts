import { parseAccept } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject, Options, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpenApiSource } from '../../http/open-api/open-api-source.js';
import { withSlashes } from '../../http/path.js';
import { CONFIGURATION } from '../../tokens.js';
import { Serves } from '../common/serves.js';
import { WebUrls } from '../common/web-urls.js';
import { CAPABILITIES } from './server-description.js';
import { wadlJson, wadlResources, wadlXml } from './wadl.js';

const WADL = 'application/vnd.sun.wadl+xml';
const DESCRIPTION = {
  summary: 'The services, their methods, parameters and media types',
  types: [WADL, 'application/json'],
  json: CAPABILITIES,
};
const JSON_TYPES = new Set(['application/json', 'application/*']);

/** What these services can do (PS3.18 section 8.9, Retrieve Capabilities). */
@ApiTags('DICOMweb')
@Controller()
export class CapabilitiesController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    private readonly api: OpenApiSource,
    private readonly urls: WebUrls,
  ) {}

  @Options()
  @Serves(DESCRIPTION)
  options(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): unknown {
    reply.header('Allow', 'GET,OPTIONS');
    return this.read(request, reply);
  }

  @Get()
  @Serves(DESCRIPTION)
  read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): unknown {
    const resources = wadlResources(this.api.document, withSlashes(this.configuration.DicomWeb.Root));
    const base = this.urls.base(request);
    if (!wantsJson(request.headers.accept)) {
      reply.status(200).header('Content-Type', WADL);
      return wadlXml(base, resources);
    }
    reply.status(200).header('Content-Type', 'application/json');
    return `${JSON.stringify(wadlJson(base, resources), undefined, 1)}\n`;
  }
}

/** XML, which every server of the standard has, unless JSON is preferred. */
function wantsJson(accept: string | undefined): boolean {
  const ranges = parseAccept(accept ?? '');
  const quality = (types: (type: string) => boolean): number =>
    Math.max(0, ...ranges.filter(({ type }) => types(type)).map((range) => range.quality));
  const json = quality((type) => JSON_TYPES.has(type));
  return json > quality((type) => type === WADL || type === 'application/xml' || type === '*/*');
}
