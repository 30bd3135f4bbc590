import pg from 'pg';
import { describeError } from './describe-error.js';

describe('what is told of an error', () => {
  it('does not hold what PostgreSQL says about values', () => {
    const error = Object.assign(new pg.DatabaseError('invalid input: "DOE^JANE"', 1, 'error'), {
      code: '22P02',
      detail: 'Key (name)=(DOE^JANE) exists',
      table: 'patients',
    });
    expect(describeError(error)).toBe('PostgreSQL error 22P02 at patients');
  });

  it('does not hold what JavaScript says about values', () => {
    for (const attempt of [() => JSON.parse('DOE^JANE') as unknown, () => 'x'.repeat(-1)]) {
      let thrown: unknown;
      try {
        attempt();
      } catch (error) {
        thrown = error;
      }
      expect(describeError(thrown)).toMatch(/^(SyntaxError|RangeError)$/);
    }
  });

  it('is what this program and its connections say', () => {
    expect(describeError(new Error('The log ends here'))).toBe('The log ends here');
    expect(describeError(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe(
      'AggregateError ECONNREFUSED',
    );
    expect(describeError('DOE^JANE')).toBe('Unknown error');
  });
});
