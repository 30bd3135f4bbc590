import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isKnown } from '../../http/answers/if-none-match.js';
import { notFound } from '../../http/errors/http-errors.js';
import { isHead } from '../../http/head-requests.js';
import { CONFIGURATION } from '../../tokens.js';
import { appConfig } from './app-config.js';
import { baseName } from './base-name.js';
import { codingFor } from './coding.js';
import { ViewerFiles } from './viewer-files.js';
import { viewerPage, type ViewerPage } from './viewer-page.js';

const PAGE = 'index.html';
const CONFIG = 'app-config.js';
/** The name of such a file changes with its content. */
const FINGERPRINTED = /(?:^|\.)[0-9a-f]{16}\.(?:js|wasm|woff2)$/;
const MISSING = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>No viewer</title></head>
<body><h1>The viewer is not installed</h1>
<p>It could not be fetched when this server was set up. <code>npm run viewer</code> fetches it, then a restart shows it.</p>
</body></html>
`;

/** Answers with the viewer's files, its page and its configuration. */
@Injectable()
export class ViewerService {
  private readonly page: ViewerPage | undefined;
  private readonly config: string;

  constructor(
    @Inject(CONFIGURATION) configuration: AnnalConfiguration,
    @Inject(ViewerFiles) private readonly files: ViewerFiles,
  ) {
    this.config = appConfig(configuration);
    if (files.areThere) this.page = viewerPage(files.read(PAGE), baseName(configuration));
  }

  /**
   * @param path below the viewer's; what is no file is one of the viewer's own pages, all of which are one
   * @throws BareStatus 404
   */
  answer(path: string, request: FastifyRequest, reply: FastifyReply): void {
    if (!this.page) {
      reply.code(503).type('text/html; charset=utf-8').header('Cache-Control', 'no-store').send(MISSING);
      return;
    }
    reply.header('Content-Security-Policy', this.page.policy);
    if (path === CONFIG) this.text(reply, 'application/javascript; charset=utf-8', this.config);
    else if (path === PAGE || isPage(path)) this.text(reply, 'text/html; charset=utf-8', this.page.html);
    else this.file(path, request, reply);
  }

  /** What depends on the configuration may be another thing after a restart. */
  private text(reply: FastifyReply, type: string, text: string): void {
    reply.type(type).header('Cache-Control', 'no-cache').send(text);
  }

  private file(path: string, request: FastifyRequest, reply: FastifyReply): void {
    const file = this.files.find(path);
    if (!file) throw notFound();
    const coding = codingFor(file, request.headers['accept-encoding']);
    const etag = `"${file.digest}-${coding}"`;
    reply
      .header('ETag', etag)
      .header('Vary', 'Accept-Encoding')
      .header('Cache-Control', FINGERPRINTED.test(path) ? 'max-age=31536000, immutable' : 'no-cache');
    if (isKnown(request.headers['if-none-match'], etag)) {
      reply.code(304).send();
      return;
    }
    reply.type(file.type).header('Content-Length', file.sizes[coding]);
    if (coding !== 'identity') reply.header('Content-Encoding', coding);
    const location = this.files.locationOf(path, coding);
    reply.send(isHead(request.raw) ? Readable.from([]) : createReadStream(location));
  }
}

/** The viewer's pages have no suffix. */
function isPage(path: string): boolean {
  return !path.slice(path.lastIndexOf('/') + 1).includes('.');
}
