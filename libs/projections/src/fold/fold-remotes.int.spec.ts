import {
  envelope,
  type EventEnvelope,
  type RemoteEvent,
  type RemoteName,
  remoteSubject,
  type Sealed,
} from '@annal/domain';
import { migrate, Session } from '@annal/platform';
import { decodeEvents, project, UnfoldableEvent } from '@annal/projections';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { emptyReadModels } from '../../../../test/support/archive-state.js';
import { testContext } from '../../../../test/support/stored-event.js';

const RUN = '0193a000-0000-4000-8000-000000000001';
const KEY = '0193a000-0000-7000-8000-000000000002';
const sealedBy = (value: string): Sealed => ({ keyId: KEY, algorithm: 'aes-256-gcm', value });

function remoteEvent(what: 'set' | 'removed', data: RemoteName, sealed?: Sealed): EventEnvelope {
  const event = { type: `annal.remote.${what}.v1`, data } as RemoteEvent;
  return envelope(event, remoteSubject(data), testContext(new Date(0)), sealed);
}
const named = (name: string, run: string | null = null): RemoteName => ({ kind: 'peer', name, run });

describe('the fold of other servers', () => {
  let database: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    session = new Session(database.connection, 'test');
  });
  afterAll(async () => {
    await session.reset();
    await database.close();
  });

  const events = [
    remoteEvent('set', named('kept'), sealedBy('AAAA')),
    remoteEvent('set', named('gone'), sealedBy('AAAB')),
    remoteEvent('set', named('kept'), sealedBy('AAAC')),
    remoteEvent('set', { kind: 'dicomweb', name: 'kept', run: null }, sealedBy('AAAD')),
    remoteEvent('removed', named('gone')),
    remoteEvent('removed', named('never')),
    remoteEvent('set', named('kept', RUN), sealedBy('AAAE')),
    remoteEvent('removed', named('of the configuration', RUN)),
  ];

  it.each([1, 3, 8])('keeps the last word on each, still sealed, in batches of %d', async (size) => {
    await emptyReadModels(session);
    const all = events.map((event, offset) => ({ ...event, position: { partition: 0, offset } }));
    for (let at = 0; at < all.length; at += size) await project(all.slice(at, at + size), session.execute);
    const [rows] = await session.execute(
      `SELECT kind, run, name, key_id, event_id, sealed->>'value' AS value FROM remotes ORDER BY kind, run, name`,
    );
    const ofEvent = (at: number): object => ({ event_id: events[at]!.id });
    expect(rows).toEqual([
      { kind: 'dicomweb', run: '', name: 'kept', key_id: KEY, value: 'AAAD', ...ofEvent(3) },
      { kind: 'peer', run: '', name: 'kept', key_id: KEY, value: 'AAAC', ...ofEvent(2) },
      { kind: 'peer', run: RUN, name: 'kept', key_id: KEY, value: 'AAAE', ...ofEvent(6) },
      { kind: 'peer', run: RUN, name: 'of the configuration', key_id: null, value: null, ...ofEvent(7) },
    ]);
  });

  it('refuses beforehand what no table could take', async () => {
    const bad = [
      remoteEvent('set', named('x')),
      remoteEvent('set', named('x'), { ...sealedBy('AAAA'), keyId: 'k' }),
      remoteEvent('set', named('x'), sealedBy('"\0"')),
      remoteEvent('set', named(''), sealedBy('AAAA')),
      remoteEvent('removed', named('x'.repeat(256))),
      remoteEvent('removed', named('x', 'no run')),
      remoteEvent('removed', { kind: 'other' as never, name: 'x', run: null }),
    ];
    for (const decoded of await decodeEvents(bad)) expect(decoded).toBeInstanceOf(UnfoldableEvent);
    for (const decoded of await decodeEvents(events)) expect(decoded).not.toBeInstanceOf(UnfoldableEvent);
  });
});
