import { randomInt } from 'node:crypto';
import { ArchiveServer } from '../support/archive-server.js';
import { storm, STORM_CONFIGURATION } from '../support/storm/storm.js';

/** More of them where that may take long; else 30 on both logs together, for the steps between are tried one by one. */
const KILLS = process.env.ANNAL_LONG === '1' ? 30 : 15;

describe('killed again and again, at random steps and moments', () => {
  let server: ArchiveServer;
  afterEach(() => server.close());

  it(`loses nothing that was acknowledged, doubles nothing, and brings back nothing that was deleted, in ${KILLS} kills`, async () => {
    server = await ArchiveServer.start({ configuration: STORM_CONFIGURATION });
    const { kills, checks } = await storm(server, { seed: randomInt(2 ** 31), kills: KILLS });
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect(checks).toBeGreaterThan(1);
  }, 300_000);
});
