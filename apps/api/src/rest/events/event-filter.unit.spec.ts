import type { RecordedEvent } from '@annal/domain';
import { eventMatcher } from './event-filter.js';

const event = (type: string, subject: string, data: object): RecordedEvent =>
  ({ type, subject, data }) as unknown as RecordedEvent;

describe('the filter of /events', () => {
  const stored = event('annal.instance.stored.v1', 'instances/i', { ids: { patient: 'p', study: 's', instance: 'i' } });
  const exported = event('annal.export.recorded.v1', 'exports/e', {
    id: 'e',
    destination: { kind: 'peer', name: 'p' },
    resources: [{ id: 'gone' }, { level: 'Series', id: 'se', patient: 'p2', study: 's2', series: 'se' }],
  });

  it.each([
    ['annal.instance', [true, false]],
    ['annal.export.recorded.v1', [false, true]],
    ['annal.exp', [false, false]],
    ['annal.label;annal.export,annal.instance', [true, true]],
  ])('knows the types %s', (type, expected) => {
    expect([stored, exported].map(eventMatcher({ type }))).toEqual(expected);
  });

  it.each([
    ['i', [true, false]],
    ['p', [true, false]],
    ['e', [false, true]],
    ['se', [false, true]],
    ['s2', [false, true]],
    ['p2', [false, true]],
    ['gone', [false, true]],
    ['other', [false, false]],
  ])('finds what is about %s, also what was exported of it', (resource, expected) => {
    expect([stored, exported].map(eventMatcher({ resource }))).toEqual(expected);
  });
});
