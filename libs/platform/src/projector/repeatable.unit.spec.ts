import { UnfoldableEvent } from '@annal/projections';
import pg from 'pg';
import { isRepeatable } from './repeatable.js';

const fromDatabase = (code: string, severity = 'ERROR'): Error =>
  Object.assign(new pg.DatabaseError('x', 1, 'error'), { code, severity });

describe('an event is blamed', () => {
  it.each(['22P02', '22003', '22P05', '23505', '23514', '54000', 'P0001'])('for error %s of PostgreSQL', (code) => {
    expect(isRepeatable(fromDatabase(code))).toBe(true);
  });

  it('for what cannot be decoded', () => {
    expect(isRepeatable(new UnfoldableEvent('x'))).toBe(true);
    expect(isRepeatable(new TypeError('x'))).toBe(true);
  });
});

describe('no event is blamed', () => {
  it.each([
    ['08006', 'a broken connection'],
    ['25P03', 'a transaction that waited too long'],
    ['25006', 'a database that is a standby'],
    ['40001', 'a serialisation failure'],
    ['40P01', 'a deadlock'],
    ['42883', 'tables of another release'],
    ['42501', 'a missing right'],
    ['53100', 'a full disk'],
    ['53200', 'too little memory'],
    ['57014', 'a cancelled statement'],
    ['57P01', 'a shutdown'],
    ['58030', 'a broken disk'],
    ['XX001', 'a damaged table'],
  ])('for %s: %s', (code) => {
    expect(isRepeatable(fromDatabase(code))).toBe(false);
  });

  it.each([
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' }),
    Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' }),
    new Error('Connection terminated unexpectedly'),
    new Error('something new'),
  ])('for %s', (error) => {
    expect(isRepeatable(error)).toBe(false);
  });
});
