import { setTimeout as delay } from 'node:timers/promises';

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Polls until `condition` holds.
 * @param timeout milliseconds
 * @returns false when the time ran out first
 */
export async function waitUntil(condition: () => boolean | Promise<boolean>, timeout = Infinity): Promise<boolean> {
  const end = performance.now() + timeout;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await delay(25);
  }
  return true;
}
