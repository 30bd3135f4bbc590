import type { ExportOutcome } from '../exports/export.js';

/** What the read models know of an export. */
export interface KnownExport {
  readonly outcome: ExportOutcome;
  readonly instances: number | null;
  readonly failed: number | null;
  readonly bytes: number | null;
  readonly errorCode: number | null;
  /** How many resources were named. */
  readonly resources: number;
}

/** Asks the read models what was recorded already. */
export interface ExportLookup {
  findExport(id: string): Promise<KnownExport | undefined>;
}
