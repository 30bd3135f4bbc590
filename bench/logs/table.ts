import type { LoadClient } from '../load/load-client.js';
import type { AnnalServer } from '../servers/annal-server.js';

/** The same server on either log, and what loads them. */
export interface LogServers {
  readonly postgres: AnnalServer;
  readonly kafka: AnnalServer;
  readonly client: LoadClient;
  /** How much is done, by a full run. */
  readonly factor: number;
  readonly say: (text: string) => void;
}

/** One figure on both logs. */
export interface Row {
  readonly name: string;
  readonly postgres: string;
  readonly kafka: string;
  /** What is to be reached, and whether it was. */
  readonly goal?: string;
}

/** The figures as text for a terminal, and as a table in Markdown. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ['', 'PostgreSQL log', 'Kafka log', 'goal'],
    ['---', '---:', '---:', '---'],
    ...rows.map(({ name, postgres, kafka, goal = '' }) => [name, postgres, kafka, goal]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) => `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`).join('\n');
}

/** A goal with its mark. */
export function goal(text: string, reached: boolean): string {
  return `${text} ${reached ? '✓' : '✗'}`;
}
