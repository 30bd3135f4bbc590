import {
  CRASH_POINTS,
  type CrashPoint,
  ERASURE_CRASH_POINTS,
  JOB_CRASH_POINTS,
  KAFKA_CRASH_POINTS,
} from '@annal/platform';
import { LOG_UNDER_TEST } from '../log-under-test.js';
import type { Random } from './random.js';

const OF_COMMANDS = /^(store|command|log):/;
const OF_JOBS = /^job:/;
/** What is done for many deletions at once is passed seldom. */
const SELDOM = /^(garbage|erasure):/;

/** Where a server kills itself, at a random passage: the value of ANNAL_CRASH_POINT. */
export function randomStep(random: Random): string {
  // a worker is started again at once, and gets there again; a primary has to be started
  const commands = random.chance(0.7);
  const point = random.pick(stepsUnderTest().filter((step) => isOfCommands(step) === commands));
  if (SELDOM.test(point)) return point;
  return `${point}:${OF_JOBS.test(point) ? random.int(1, 4) : random.int(2, 25)}`;
}

/** Whether workers pass a step with each command or job, or a primary that writes the log for them. */
export function isOfCommands(step: string): boolean {
  return OF_COMMANDS.test(step) || OF_JOBS.test(step);
}

function stepsUnderTest(): readonly CrashPoint[] {
  const ofLog = LOG_UNDER_TEST === 'kafka' ? KAFKA_CRASH_POINTS : CRASH_POINTS.filter((step) => /^log:/.test(step));
  return [
    ...CRASH_POINTS.filter((step) => !/^log:/.test(step)),
    ...ofLog,
    ...ERASURE_CRASH_POINTS,
    ...JOB_CRASH_POINTS,
  ];
}
