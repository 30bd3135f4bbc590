import { Readable } from 'node:stream';
import { isOrthancIdentifier, patientIdentifier, type ResourceLookup } from '@annal/domain';
import { type ExportPlace, type ExportsFilter, readExports, type StatementRunner } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { POOL, RESOURCE_LOOKUP } from '../../../tokens.js';
import { CSV_HEADING, csvRows, jsonRows } from './report-rows.js';
import { type CheckedReport, readReportQuery, type ReportQuery } from './report-query.js';

/** Rows that are read at once. */
const PIECE = 1000;

/** A report, to be sent. */
export interface Report {
  readonly type: 'json' | 'csv';
  readonly filename: string;
  readonly content: Readable;
}

/** Answers who sent what where, when, and what became of it. */
@Injectable()
export class ExportsReport {
  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(RESOURCE_LOOKUP) private readonly lookup: ResourceLookup,
  ) {}

  /** @throws OrthancError 400 */
  async make(query: ReportQuery): Promise<Report> {
    const checked = readReportQuery(query);
    const resource = await this.resourceOf(query);
    const filter: ExportsFilter = { ...checked, ...(resource && { resource }) };
    const { format: type } = checked;
    const content = Readable.from(this.text(filter, checked), { objectMode: false });
    return { type, filename: `exports.${type}`, content };
  }

  private async *text(filter: ExportsFilter, { format, limit }: CheckedReport): AsyncGenerator<string, void> {
    yield format === 'csv' ? CSV_HEADING : '{"Exports":[';
    let separator = '';
    for await (const rows of this.rows(filter, limit)) {
      yield format === 'csv' ? csvRows(rows) : separator + jsonRows(rows);
      separator = ',\n';
    }
    if (format === 'json') yield ']}';
  }

  private async *rows(filter: ExportsFilter, limit: number): AsyncGenerator<Awaited<ReturnType<typeof readExports>>> {
    let after: ExportPlace = { key: -1, place: -1 };
    for (let left = limit; left > 0; left -= PIECE) {
      const wanted = Math.min(left, PIECE);
      const rows = await readExports(this.pool, filter, after, wanted);
      if (rows.length > 0) yield rows;
      if (rows.length < wanted) return;
      after = rows.at(-1)!;
    }
  }

  /** A resource that is not there any more is known by its identifier all the same. */
  private async resourceOf({ patient, resource }: ReportQuery): Promise<ExportsFilter['resource']> {
    if (patient !== undefined && resource !== undefined) {
      throw new OrthancError('BadRequest', 'Either "patient" or "resource" can be asked for');
    }
    if (patient !== undefined)
      return { id: isOrthancIdentifier(patient) ? patient : patientIdentifier(patient), above: [] };
    if (resource === undefined) return undefined;
    if (!isOrthancIdentifier(resource))
      throw new OrthancError('BadRequest', '"resource" must be an Orthanc identifier');
    const line = (await this.lookup.linesOf([resource])).get(resource);
    const above = line
      ? [line.patient, line.study, line.series].filter((id) => id !== undefined && id !== resource)
      : [];
    return { id: resource, above: above as string[] };
  }
}
