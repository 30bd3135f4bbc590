import { CRASH_POINTS, type CrashPoint, KAFKA_CRASH_POINTS } from '@annal/platform';
import { LOG_UNDER_TEST } from './log-under-test.js';

/** Who appends: a lone worker by itself, the primary for several. */
export type Writer = 'worker' | 'primary';

/** The steps of commands at which a server with the log under test can be killed, and of what they leave to do. */
export const POINTS: readonly CrashPoint[] =
  LOG_UNDER_TEST === 'postgres'
    ? CRASH_POINTS
    : [
        ...CRASH_POINTS.filter((point) => !point.startsWith('log:')),
        ...KAFKA_CRASH_POINTS.filter((point) => !point.startsWith('relay:')),
      ];

/** Which process a step belongs to. */
export function processAt(point: CrashPoint, writer: Writer): 'worker' | 'primary' {
  if (/^(fold|garbage):/.test(point)) return 'primary';
  return point.startsWith('log:') ? writer : 'worker';
}

/** The configuration in which that one appends. */
export function written(writer: Writer): { Annal: { Workers: number } } {
  return { Annal: { Workers: writer === 'worker' ? 1 : 2 } };
}
