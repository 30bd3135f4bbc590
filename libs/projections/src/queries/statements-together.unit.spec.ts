import { prepared } from './statement.js';
import { StatementsTogether } from './statements-together.js';

describe('statements of the same form, run together', () => {
  it('give nobody what another one asked for where one of them has no row', async () => {
    let asked = 0;
    const together = new StatementsTogether({
      query: () => {
        asked++;
        return Promise.resolve({ rows: [{ ids: 'of one' }] as never[] });
      },
    });
    const ask = (value: string): Promise<unknown> =>
      together.query(prepared('SELECT ids FROM t WHERE id = $1', [value]));
    const [first, ...others] = await Promise.allSettled(['a', 'b', 'c'].map(ask));
    expect(first).toMatchObject({ value: { rows: [{ ids: 'of one' }] } });
    expect(others.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toBe(2);
  });
});
