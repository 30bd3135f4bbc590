import { CHANGE_TYPES } from '@annal/projections';
import {
  type ChangesFilter,
  lastChangeNumber,
  readChanges,
  readChangesOrEnd,
  type StatementRunner,
} from '@annal/projections';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { JsonText } from '../../http/json/render-json.js';
import { AnswersJson } from '../../http/open-api/answers.js';
import { POOL } from '../../tokens.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { CHANGES } from './change-description.js';
import { changesText, closing, OPENING } from './change-text.js';
import { type ChangesRequest, parseChangesRequest } from './changes-request.js';
import { Asks } from '../../http/open-api/asks.js';
import { flag, text, whole } from '../../http/open-api/schema.js';

/** Longer answers are read and sent in pieces of so many changes. */
const PIECE = 10_000;

const QUERY = {
  since: whole('Changes after the one of this number'),
  to: whole('Changes up to the one of this number'),
  limit: whole('The most changes; 100 without it'),
  type: text(`Kinds of changes, separated by semicolons: ${Object.keys(CHANGE_TYPES).join(', ')}`),
  last: flag('Given with any value: the last change alone'),
};

@ApiTags('Changes')
@Controller('changes')
export class ChangesController {
  constructor(@Inject(POOL) private readonly pool: StatementRunner) {}

  @Get()
  @ApiOperation({ summary: 'The changes log: what came and became stable, in the order in which it happened' })
  @Asks(QUERY)
  @AnswersJson(CHANGES)
  async read(@Query() query: Parameters): Promise<JsonText> {
    if (query.last !== undefined) return this.atEnd({}, 1, true);
    const request = parseChangesRequest(query);
    const { since, to, limit, types } = request;
    // without a beginning, the last ones up to the end are meant
    if (to !== undefined && since <= 0) return this.atEnd({ to, types }, limit);
    if (limit === 0) return this.nothing(request);
    const pieces = this.pieces(request);
    if (limit <= PIECE) return new JsonText(await joined(pieces));
    return new JsonText(Readable.from(pieces, { objectMode: false }));
  }

  /** The last changes that meet a filter. @param done said so whether there are more or not */
  private async atEnd(filter: ChangesFilter, limit: number, done?: true): Promise<JsonText> {
    // one more tells whether there are more
    const { rows, last } = await readChangesOrEnd(this.pool, filter, limit + 1, 'last');
    const shown = rows.length > limit ? rows.slice(rows.length - limit) : rows;
    const isAll = done ?? rows.length <= limit;
    return new JsonText(`${OPENING}${changesText(shown)}${closing(isAll, shown[0]?.[0], shown.at(-1)?.[0] ?? last)}`);
  }

  /** Orthanc's answer to a limit of 0: whether there would be any, and the number of the last of all. */
  private async nothing({ since, to, types }: ChangesRequest): Promise<JsonText> {
    const some = await readChanges(this.pool, { since, to, types }, 1);
    return new JsonText(`${OPENING}${closing(some.length === 0, undefined, await lastChangeNumber(this.pool))}`);
  }

  /** The answer in pieces of text. */
  private async *pieces({ since, to, limit, types }: ChangesRequest): AsyncGenerator<string, void> {
    let first: number | undefined;
    for (let after = since, left = limit; ;) {
      const wanted = Math.min(left, PIECE);
      const filter = { since: after, to, types };
      // one more tells whether this is the end
      const { rows, last } = await readChangesOrEnd(this.pool, filter, wanted + 1);
      const shown = rows.slice(0, wanted);
      if (shown.length > 0) yield `${first === undefined ? OPENING : ',\n'}${changesText(shown)}`;
      else if (first === undefined) yield OPENING;
      first ??= shown[0]?.[0];
      left -= shown.length;
      after = shown.at(-1)?.[0] ?? (first === undefined ? last : after);
      if (rows.length <= wanted || left === 0) {
        yield closing(rows.length <= wanted, first, after);
        return;
      }
    }
  }
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
