import { GrowingSeries } from './growing-series.js';

const ids = (series: string, instance: string): Parameters<GrowingSeries['note']>[0] => ({
  patient: 'p',
  study: 's',
  series,
  instance,
});

describe('the series being received', () => {
  it('asks for the first instance of a series, not for the next ones', () => {
    const growing = new GrowingSeries();
    expect(growing.mayBeThere(ids('a', '1'))).toBe(true);
    growing.note(ids('a', '1'), true);
    expect(growing.mayBeThere(ids('a', '2'))).toBe(false);
    expect(growing.mayBeThere(ids('b', '2'))).toBe(true);
  });

  it('asks for an instance that it has seen', () => {
    const growing = new GrowingSeries();
    growing.note(ids('a', '1'), true);
    expect(growing.mayBeThere(ids('a', '1'))).toBe(true);
  });

  it('asks again for every instance of a series in which one was there already', () => {
    const growing = new GrowingSeries();
    growing.note(ids('a', '1'), true);
    growing.note(ids('a', '2'), false);
    expect(growing.mayBeThere(ids('a', '3'))).toBe(true);
  });

  it('forgets the oldest series rather than grow without end', () => {
    const growing = new GrowingSeries();
    for (let i = 0; i < 1000; i++) growing.note(ids(`series ${i}`, '1'), true);
    expect(growing.mayBeThere(ids('series 0', '2'))).toBe(true);
    expect(growing.mayBeThere(ids('series 999', '2'))).toBe(false);
  });
});
