import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { acceptedEncoding } from '../../http/answers/compression.js';
import { isKnown } from '../../http/answers/if-none-match.js';
import { isHead } from '../../http/head-requests.js';
import { entityTag } from './etag.js';
import { GzipJoin, type GzipPiece, storedPiece } from './gzip-pieces.js';
import type { MetadataBlock } from './metadata-block.js';

/** Metadata on their way to a client. */
export interface JsonAnswer {
  readonly identity: readonly string[];
  /** The base of URLs. */
  readonly base: string;
  ready(): readonly MetadataBlock[] | undefined;
  blocks(): AsyncGenerator<MetadataBlock, void>;
}

const [OPENING, COMMA, CLOSING] = ['[', ',', ']'].map((text) => ({
  plain: Buffer.from(text),
  deflated: storedPiece(text),
})) as [Mark, Mark, Mark];

interface Mark {
  readonly plain: Buffer;
  readonly deflated: GzipPiece;
}

/**
 * Answers with a list in the DICOM JSON model, or 304 where the client has it. Where gzip is accepted, it is compressed
 * even if other answers are not (HttpCompressionEnabled), for its parts are deflated but once; with a length where all
 * parts are ready.
 */
export async function sendJson(request: FastifyRequest, reply: FastifyReply, answer: JsonAnswer): Promise<void> {
  const encoding = acceptedEncoding(request.headers['accept-encoding']);
  const gzip = encoding === 'gzip';
  // an encoding of its own is an entity of its own; what is deflated on the way has no tag
  const tag = encoding === 'deflate' ? undefined : entityTag([...answer.identity, answer.base, gzip ? 'gzip' : '']);
  reply.header('Vary', 'Accept, Accept-Encoding').header('Cache-Control', 'private, no-cache');
  if (tag !== undefined) reply.header('ETag', tag);
  if (tag !== undefined && isKnown(request.headers['if-none-match'], tag)) {
    await reply.code(304).send();
    return;
  }
  reply.header('Content-Type', 'application/dicom+json');
  if (gzip) reply.header('Content-Encoding', 'gzip');
  // a base is part of a JSON text, and may hold what a client wrote into a header
  const base = JSON.stringify(answer.base).slice(1, -1);
  const ready = answer.ready();
  if (isHead(request.raw)) await reply.send(Readable.from([]));
  else if (ready) await sendReady(reply, ready, base, gzip);
  else await reply.send(Readable.from(streamed(answer.blocks(), base, gzip), { objectMode: false }));
}

/** What is ready has a length. Texts, unlike what they are once deflated, are large: they are made as the client takes them. */
async function sendReady(
  reply: FastifyReply,
  blocks: readonly MetadataBlock[],
  base: string,
  gzip: boolean,
): Promise<void> {
  if (!gzip) {
    reply.header('Content-Length', plainSize(blocks, base));
    await reply.send(Readable.from(streamed(blocks, base, false), { objectMode: false }));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of streamed(blocks, base, true)) chunks.push(chunk);
  reply.header(
    'Content-Length',
    chunks.reduce((sum, { length }) => sum + length, 0),
  );
  await reply.send(Readable.from(chunks, { objectMode: false }));
}

function plainSize(blocks: readonly MetadataBlock[], base: string): number {
  const sizes = blocks.filter(({ isEmpty }) => !isEmpty).map((block) => block.sizeAt(base));
  // what is in front of each and behind the last
  return sizes.reduce((sum, size) => sum + size, Math.max(sizes.length + 1, 2));
}

async function* streamed(
  blocks: Iterable<MetadataBlock> | AsyncIterable<MetadataBlock>,
  base: string,
  gzip: boolean,
): AsyncGenerator<Buffer, void> {
  const join = gzip ? new GzipJoin() : undefined;
  const mark = ({ plain, deflated }: Mark): Buffer => join?.next(deflated) ?? plain;
  if (join) yield join.head();
  yield mark(OPENING);
  let isFirst = true;
  for await (const block of blocks) {
    if (block.isEmpty) continue;
    if (!isFirst) yield mark(COMMA);
    isFirst = false;
    if (join) yield join.next(await block.deflatedAt(base));
    else yield* block.at(base);
  }
  yield mark(CLOSING);
  if (join) yield join.end();
}
