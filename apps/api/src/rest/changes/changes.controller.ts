import { COLLECTIONS, LEVELS } from '@annal/domain';
import {
  changeTypeName,
  type ChangeRow,
  type ChangesFilter,
  readChanges,
  readChangesOrEnd,
  type StatementRunner,
} from '@annal/projections';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { JsonText } from '../../http/json/render-json.js';
import { POOL } from '../../tokens.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { type ChangesRequest, parseChangesRequest } from './changes-request.js';

/** Longer answers are read and sent in pieces of so many changes. */
const PIECE = 10_000;

@ApiTags('Changes')
@Controller('changes')
export class ChangesController {
  constructor(@Inject(POOL) private readonly pool: StatementRunner) {}

  @Get()
  @ApiOperation({ summary: 'The changes log: what came and became stable, in the order in which it happened' })
  async read(
    @Query() query: Parameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JsonText | Readable> {
    if (query.last !== undefined) return this.last();
    const request = parseChangesRequest(query);
    const { since, to, limit, types } = request;
    // without a beginning, the last ones up to the end are meant
    const end = to !== undefined && since <= 0 ? 'last' : 'first';
    if (end === 'first' && limit > PIECE) {
      reply.type('application/json; charset=utf-8');
      return Readable.from(this.pieces(request), { objectMode: false });
    }
    const filter: ChangesFilter = { ...(since > 0 && { since }), to, types };
    // one more tells whether this is the end
    const { rows, last } = await readChangesOrEnd(this.pool, filter, limit === 0 ? 1 : limit + 1, end);
    const done = rows.length <= limit;
    const shown = done ? rows : end === 'first' ? rows.slice(0, limit) : rows.slice(1);
    if (limit > 0 || rows.length === 0) return new JsonText(`{"Changes":[${entries(shown)}${ending(shown, done, last)}`);
    const { last: total } = await readChangesOrEnd(this.pool, filter, 0);
    return new JsonText(`{"Changes":[${ending([], false, total)}`);
  }

  private async last(): Promise<JsonText> {
    const { rows, last } = await readChangesOrEnd(this.pool, {}, 1, 'last');
    return new JsonText(`{"Changes":[${entries(rows)}${ending(rows, true, last)}`);
  }

  private async *pieces({ since, to, limit, types }: ChangesRequest): AsyncGenerator<string, void> {
    let from = Math.max(since, 0);
    let left = limit;
    let first: ChangeRow | undefined;
    for (;;) {
      const wanted = Math.min(left, PIECE);
      const filter = { ...(from > 0 && { since: from }), to, types };
      const read: ChangesFilter = filter;
      const { rows, last } = first
        ? { rows: await readChanges(this.pool, read, wanted + 1), last: from }
        : await readChangesOrEnd(this.pool, read, wanted + 1);
      const shown = rows.slice(0, wanted);
      if (shown.length > 0) yield `${first ? ',\n' : '{"Changes":['}${entries(shown)}`;
      else if (!first) yield '{"Changes":[';
      first ??= shown[0];
      left -= shown.length;
      if (rows.length <= wanted || left === 0) {
        const closing = shown.at(-1)?.[0] ?? last;
        yield `],"Done":${rows.length <= wanted}${first ? `,"First":${first[0]}` : ''},"Last":${closing}}`;
        return;
      }
      from = shown.at(-1)![0];
    }
  }
}

/** Text alone: a reader that catches up takes hundreds of thousands of them. */
function entries(rows: readonly ChangeRow[]): string {
  let text = '';
  for (const [seq, type, level, id, date] of rows) {
    if (text !== '') text += ',\n';
    text += `${TYPES[type]}${date}","ID":"${id}","Path":"/${PATHS[level]}${id}",${RESOURCES[level]}${seq}}`;
  }
  return text;
}

function ending(rows: readonly ChangeRow[], done: boolean, last: number): string {
  const first = rows[0];
  return `],"Done":${done}${first ? `,"First":${first[0]}` : ''},"Last":${rows.at(-1)?.[0] ?? last}}`;
}

const TYPES = Array.from({ length: 9 }, (_, type) =>
  type === 0 ? '' : `{"ChangeType":"${changeTypeName(type)}","Date":"`,
);
const PATHS = LEVELS.map((level) => `${COLLECTIONS[level]}/`);
const RESOURCES = LEVELS.map((level) => `"ResourceType":"${level}","Seq":`);
