import { StreamableFile } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { AppContext } from './app-context.js';
import { compressAnswers } from './answers/compression.js';
import { type ErrorSender } from './answers/send-error.js';
import { successStatus } from './answers/success-status.js';
import { answerUnrouted, leadsOn } from './answers/unrouted.js';
import { JsonText, renderJson, sortKeys } from './json/render-json.js';
import { renderXml, wantsXml } from './json/render-xml.js';
import { measureRequests } from './metrics/http-metrics.js';
import { logPerformance } from './metrics/performance-log.js';
import { withSlashes } from './path.js';
import { parseQuery } from './query-string.js';
import { RouteTree } from './route-tree.js';
import type { Handler } from './front-door.js';
import { createServer } from './server.js';
import { isWrite } from './writes.js';

/** Fastify as this server needs it: bodies stay streams, answers look as Orthanc's. */
export class OrthancAdapter extends FastifyAdapter {
  private readonly routes = new RouteTree();

  constructor(
    context: AppContext,
    private readonly errors: ErrorSender,
  ) {
    super({
      logger: false,
      skipMiddie: true,
      multipart: false,
      exposeHeadRoutes: false,
      // the server's own time limits hold
      requestTimeout: 0,
      routerOptions: {
        // whatever fits into a header
        maxParamLength: context.configuration.Annal.Limits.MaxHeaderSize,
        querystringParser: parseQuery,
      },
      serverFactory: (route: Handler) => createServer(context.configuration, route),
    });
    const fastify: FastifyInstance = this.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (_request, _payload, done) => done(null));
    fastify.addHook('onRoute', (route: RouteOptions) => {
      if (context.configuration.ReadOnly && isWrite(route.config)) {
        route.handler = (_request, reply) => reply.callNotFound();
        return;
      }
      for (const method of [route.method].flat()) this.routes.add(method, route.url);
    });
    measureRequests(fastify, context.runtimeSettings);
    const { EnablePerformanceLogs, Root } = context.configuration.DicomWeb;
    if (EnablePerformanceLogs) logPerformance(fastify, withSlashes(Root), context.logger);
    if (context.configuration.HttpCompressionEnabled) compressAnswers(fastify);
    fastify.setErrorHandler((error, request, reply) => this.errors.send(error, request, reply));
    fastify.setNotFoundHandler((request, reply) => {
      try {
        this.reply(reply, answerUnrouted(this.routes, request, reply), 200);
      } catch (error) {
        this.errors.send(error, request, reply);
      }
    });
  }

  /** Objects go out as JSON, or as XML where the client wants that; success is 200 for every method. */
  override reply(response: FastifyReply, body: unknown, statusCode?: number): FastifyReply {
    if (statusCode !== undefined) this.status(response, statusCode);
    // Nest wraps streams that a controller returns
    if (body instanceof StreamableFile) return super.reply(response, body);
    if (typeof body === 'string') {
      if (!response.hasHeader('content-type')) response.header('Content-Type', 'text/plain');
      return response.serializer(String).send(body);
    }
    if (typeof body !== 'object' || body === null || Buffer.isBuffer(body) || body instanceof Readable) {
      return response.send(body ?? undefined);
    }
    const xml = wantsXml(response.request.headers.accept);
    if (body instanceof JsonText) {
      if (!xml) return sendJson(response, body.content);
      textOf(body.content)
        .then((json) => sendXml(response, JSON.parse(json)))
        .catch((error: Error) => response.send(error));
      return response;
    }
    return xml ? sendXml(response, sortKeys(body)) : sendJson(response, renderJson(body));
  }

  override status(response: FastifyReply, statusCode: number): FastifyReply {
    return response.code(successStatus(statusCode));
  }

  /** Whether a path is no route, and GET lists the names below it. */
  leadsOn(path: string): boolean {
    const known = this.routes.find(path);
    return known !== undefined && leadsOn(known, path);
  }

  /** The constructor's handlers stay. */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }

  /** The constructor's handlers stay. */
  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance();
  }
}

function sendJson(response: FastifyReply, content: string | Readable): FastifyReply {
  return response.header('Content-Type', 'application/json; charset=utf-8').serializer(String).send(content);
}

function sendXml(response: FastifyReply, value: unknown): FastifyReply {
  return response.header('Content-Type', 'application/xml; charset=utf-8').send(renderXml(value));
}

async function textOf(content: string | Readable): Promise<string> {
  return typeof content === 'string' ? content : text(content);
}
