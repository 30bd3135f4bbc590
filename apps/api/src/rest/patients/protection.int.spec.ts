import type { Position } from '@annal/domain';
import { Recycler } from '@annal/projections';
import { storedEvent, testContext } from '../../../../../test/support/stored-event.js';
import { type ReadingApp, startReadingApp } from '../testing/reading-app.js';

const stored = (n: number): ReturnType<typeof storedEvent> =>
  storedEvent({ patient: `P${n}`, study: `${n}`, series: `${n}.1`, instance: `${n}.1.1` });
const idOf = (n: number): string => stored(n).data.ids.patient;

describe('the protection of patients', () => {
  let reading: ReadingApp;
  let end: Position;
  beforeAll(async () => {
    reading = await startReadingApp();
  });
  afterAll(() => reading.close());
  beforeEach(async () => {
    await reading.log.append([stored(1), stored(2), stored(3)]);
    end = await reading.log.end();
  });
  afterEach(async () => {
    for (const n of await patients()) await fetch(`${reading.app.url}/patients/${idOf(n)}`, { method: 'DELETE' });
  });

  async function protect(n: number, body: string): Promise<{ readonly status: number; readonly text: string }> {
    const path = `${reading.app.url}/patients/${idOf(n)}/protected`;
    const response = await fetch(path, { method: 'PUT', body });
    return { status: response.status, text: await response.text() };
  }
  const shown = async (n: number): Promise<string> =>
    (await fetch(`${reading.app.url}/patients/${idOf(n)}/protected`)).text();
  const types = async (): Promise<string[]> => (await reading.log.read(end, 100)).map(({ type }) => type);

  /** Gives up one patient after the other, until there is room for a new one beside the one that stays. */
  async function recycled(): Promise<number[]> {
    const recycler = new Recycler(reading.pool, reading.log, { size: 0, patients: 2 });
    const order: number[] = [];
    for (;;) {
      const before = await patients();
      if ((await recycler.makeRoom({ bytes: 1, patientId: 'new' }, testContext())) !== 'retry') return order;
      const after = await patients();
      const gone = before.filter((n) => !after.includes(n));
      if (gone.length === 0) return order;
      order.push(...gone);
    }
  }
  const patients = async (): Promise<number[]> => {
    const ids = (await reading.ask<string[]>('/patients')).json;
    return [1, 2, 3].filter((n) => ids.includes(idOf(n)));
  };

  it('is set and taken back', async () => {
    expect(await shown(1)).toBe('0');
    for (const [body, expected] of [
      ['1', '1'],
      ['1', '1'],
      ['0', '0'],
      ['true\n', '1'],
      [' false ', '0'],
    ] as const) {
      expect(await protect(1, body)).toEqual({ status: 200, text: '' });
      expect(await shown(1)).toBe(expected);
    }
    // what was so already is no event
    expect(await types()).toHaveLength(4);
    expect(await shown(2)).toBe('0');
  });

  it.each(['2', '', '"1"', '01', 'TRUE'])('is not "%s"', async (body) => {
    expect(await protect(1, body)).toMatchObject({
      status: 400,
      text: expect.stringContaining('"OrthancStatus" : 15') as string,
    });
    expect(await types()).toEqual([]);
  });

  it('is none of a patient who is not there', async () => {
    for (const request of [{}, { method: 'PUT', body: '1' }]) {
      const response = await fetch(`${reading.app.url}/patients/nope/protected`, request);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('"OrthancStatus" : 3');
    }
  });

  it('spares a patient from being recycled; the last in the order is who was protected, and is not any more', async () => {
    for (const [n, body] of [
      [1, '1'],
      [1, '0'],
      [2, '0'],
    ] as const) {
      await protect(n, body);
    }
    await protect(3, '1');
    expect(await recycled()).toEqual([2, 1]);
    expect(await patients()).toEqual([3]);
  });

  it('leaves nobody to be recycled where all are protected', async () => {
    for (const n of [1, 2, 3]) await protect(n, '1');
    const recycler = new Recycler(reading.pool, reading.log, { size: 0, patients: 1 });
    expect(await recycler.makeRoom({ bytes: 1, patientId: 'new' }, testContext())).toBe('none');
    expect(await patients()).toEqual([1, 2, 3]);
  });

  it('holds where it comes after a patient was chosen', async () => {
    const asOf = (await reading.log.end()).offset;
    await protect(2, '1');
    await reading.log.append([
      {
        ...stored(2),
        id: '01a1fe8a-2319-72e0-b44d-7b638cd39b6d',
        type: 'annal.patient.recycled.v1',
        data: { id: idOf(2), asOf },
        sealed: undefined,
      },
    ]);
    expect(await patients()).toEqual([1, 2, 3]);
  });

  it('does not keep who asks for it from deleting the patient', async () => {
    await protect(2, '1');
    const response = await fetch(`${reading.app.url}/patients/${idOf(2)}`, { method: 'DELETE' });
    expect(response.status).toBe(200);
    await reading.log.append([stored(2)]);
    expect(await shown(2)).toBe('0');
  });
});
