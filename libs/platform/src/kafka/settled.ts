import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from './kafka-errors.js';

/** What brokers say of a topic that not all of them have heard of yet, or whose leader is being elected. */
const SETTLING: ReadonlySet<string | undefined> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
]);
const WAIT_MS = 15_000;
const LOOK_MS = 100;

/** Asks again for a while where the brokers do not agree yet on a topic that was just made, or lost its leader. */
export async function untilSettled<R>(ask: () => Promise<R>): Promise<R> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!SETTLING.has(codeOf(error)) || performance.now() >= deadline) throw error;
      await delay(LOOK_MS);
    }
  }
}
