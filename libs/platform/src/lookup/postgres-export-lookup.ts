import type { ExportLookup, KnownExport } from '@annal/domain';
import { readKnownExport, type StatementRunner } from '@annal/projections';

/** Looks up exports in the live read models. */
export class PostgresExportLookup implements ExportLookup {
  constructor(private readonly runner: StatementRunner) {}

  findExport(id: string): Promise<KnownExport | undefined> {
    return readKnownExport(this.runner, id);
  }
}
