import { PostgresJobLookup } from './postgres-job-lookup.js';

describe('the lookup of jobs', () => {
  let unended: number;
  let statements: number;
  const runner = {
    query: async () => {
      statements += 1;
      return { rows: [{ count: unended }] };
    },
  };
  const asked = async (times: number, maximum: number): Promise<boolean[]> => {
    const lookup = new PostgresJobLookup(runner as never);
    return Promise.all(Array.from({ length: times }, () => lookup.hasUnended(maximum)));
  };
  beforeEach(() => {
    statements = 0;
  });

  it('does not count jobs for each one that is submitted, where they are far from too many', async () => {
    unended = 10_000;
    const lookup = new PostgresJobLookup(runner as never);
    for (let i = 0; i < 100; i++) expect(await lookup.hasUnended(100_000)).toBe(false);
    expect(statements).toBe(1);
  });

  it('counts them each time where they are nearly too many, and where few are', async () => {
    unended = 99_999;
    expect(await asked(3, 100_000)).toEqual([false, false, false]);
    unended = 100_000;
    expect(await asked(2, 100_000)).toEqual([true, true]);
    unended = 0;
    expect(await asked(2, 6)).toEqual([false, false]);
    expect(statements).toBe(7);
  });
});
