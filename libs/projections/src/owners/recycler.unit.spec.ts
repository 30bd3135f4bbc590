import { AppendRefused, AppendUnknown, type EventContext, type EventWriter, NotYetVisible } from '@annal/domain';
import type { Queryable } from '../queryable.js';
import { Recycler } from './recycler.js';

const CONTEXT: EventContext = { source: 'test', actor: { protocol: 'system' }, correlationId: '1', now: new Date(0) };

describe('recycling a patient for an upload that wants room', () => {
  const makeRoom = (error?: Error): Promise<string> => {
    const rows = [{ enough: false, possible: true, waiting: false, id: 'oldest', updated_pos: 7 }];
    const submit: EventWriter['submit'] = async () => {
      if (error) throw error;
      return { positions: [], outcomes: [] };
    };
    const database = { query: async () => ({ rows }) } as unknown as Queryable;
    return new Recycler(database, { submit }, { size: 10, patients: 0 }).makeRoom(
      { bytes: 5, patientId: 'new' },
      CONTEXT,
    );
  };

  it('has the upload look again', async () => {
    expect(await makeRoom()).toBe('retry');
  });

  it.each([new NotYetVisible([]), new AppendUnknown('perhaps')])(
    'has it wait where that is durable or not known: it is not the upload that may be in the log (%s)',
    async (error) => {
      expect(await makeRoom(error)).toBe('wait');
    },
  );

  it('fails where the log refuses', async () => {
    await expect(makeRoom(new AppendRefused('The event log is not available'))).rejects.toBeInstanceOf(AppendRefused);
  });
});
