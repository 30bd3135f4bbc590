import { instanceWith, type ReadingApp, startReadingApp } from '../testing/reading-app.js';

interface Answer {
  readonly Changes: readonly { readonly Seq: number; readonly ChangeType: string }[];
  readonly Done: boolean;
  readonly First?: number;
  readonly Last: number;
}

describe('the changes log', () => {
  const total = 24;
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp();
    const names = Array.from({ length: 6 }, (_, index) => String(index + 1));
    await reading.log.submit(
      names.map((name) =>
        instanceWith({ patient: name, study: `1.${name}`, series: `1.${name}.1`, instance: `1.${name}.1.1` }),
      ),
    );
  });
  afterAll(() => reading.close());

  const read = async (query: string): Promise<Answer> => (await reading.ask<Answer>(`/changes?${query}`)).json;
  const numbers = ({ Changes }: Answer): number[] => Changes.map(({ Seq }) => Seq);

  it('goes on after a number, and says when that was all', async () => {
    const first = await read('limit=10');
    expect([first.First, first.Last, first.Done]).toEqual([1, 10, false]);
    const second = await read('since=10&limit=14');
    expect([numbers(second)[0], second.Last, second.Done]).toEqual([11, total, true]);
    expect(await read(`since=${total}`)).toEqual({ Changes: [], Done: true, Last: total });
  });

  it('reads the last ones up to a number where no beginning is given', async () => {
    expect(await read('to=5&limit=2')).toMatchObject({ First: 4, Last: 5, Done: false });
    expect(await read('to=5&since=3&limit=1')).toMatchObject({ First: 4, Last: 4, Done: false });
    expect(await read('to=0')).toEqual({ Changes: [], Done: true, Last: total });
    expect(await read('last')).toMatchObject({ First: total, Last: total, Done: true });
  });

  it('picks types', async () => {
    const answer = await read('type=NewPatient;NewStudy&limit=3');
    expect(answer.Changes.map(({ ChangeType }) => ChangeType)).toEqual(['NewStudy', 'NewPatient', 'NewStudy']);
    expect(await read('type=ModifiedStudy')).toEqual({ Changes: [], Done: true, Last: total });
    expect((await reading.ask('/changes?type=Nope')).status).toBe(400);
  });

  it('takes numbers that are none as not given, and a limit of 0 for a question', async () => {
    expect(numbers(await read('since=x')).length).toBe(total);
    expect(numbers(await read('since=-5')).length).toBe(total);
    expect(await read('limit=0&since=2')).toEqual({ Changes: [], Done: false, Last: total });
  });
});

describe('a long changes log', () => {
  const total = 25_000;
  let reading: ReadingApp;
  beforeAll(async () => {
    reading = await startReadingApp();
    await reading.execute(
      `INSERT INTO changes SELECT seq, 4, 0, 1, '00000000-00000000-00000000-00000000-00000000', '20260101T000000'
        FROM generate_series(1, ${total}) seq;
      UPDATE folded_position SET change_seq = ${total}`,
    );
  });
  afterAll(() => reading.close());

  const numbers = async (query: string): Promise<number[]> =>
    (await reading.ask<Answer>(`/changes?${query}`)).json.Changes.map(({ Seq }) => Seq);
  const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

  it('is read by hundreds where no limit is given', async () => {
    expect(await numbers('')).toEqual(upTo(100));
    expect(await numbers('since=24950')).toEqual(upTo(total, 24_951));
  });

  it('is answered whole, though it is read by pieces', async () => {
    const { json } = await reading.ask<Answer>('/changes?limit=100000');
    expect(json.Changes.map(({ Seq }) => Seq)).toEqual(upTo(total));
    expect(json).toMatchObject({ Done: true, First: 1, Last: total });
    const most = await reading.ask<Answer>('/changes?limit=20000');
    expect(most.json).toMatchObject({ Done: false, First: 1, Last: 20_000 });
    expect(await numbers('limit=10000&since=4')).toEqual(upTo(10_004, 5));
  });
});
