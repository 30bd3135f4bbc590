import { randomInt } from 'node:crypto';
import { outgoingStorm } from '../support/storm/outgoing-storm.js';

const KILLS = 3;

describe('what goes to and comes from an unreliable server, while workers are killed', () => {
  it('ends well once that server is reliable, and leaves nothing behind', async () => {
    const seed = randomInt(2 ** 31);
    const { submitted, controlled } = await outgoingStorm({
      seed,
      killEvery: 5000,
      isOver: ({ kills }) => kills >= KILLS,
    });
    expect([submitted, controlled].every((count) => count > 0)).toBe(true);
  }, 300_000);
});
