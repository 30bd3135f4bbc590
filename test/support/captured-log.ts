import type { Logger } from '@annal/platform';
import { pino } from 'pino';

/** A logger whose lines a test can read. */
export interface CapturedLog {
  readonly logger: Logger;
  /** The messages of warnings and errors so far. */
  readonly complaints: readonly string[];
  /** Everything, as it would stand in the log file. */
  readonly text: string;
}

export function captureLog(): CapturedLog {
  const lines: string[] = [];
  const complaints: string[] = [];
  const write = (line: string): void => {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    lines.push(line);
    if (level >= WARNING) complaints.push(msg);
  };
  return {
    logger: pino({ level: 'trace' }, { write }),
    complaints,
    get text(): string {
      return lines.join('');
    },
  };
}

/** pino's number. */
const WARNING = 40;
