import { AppendRefused, AppendUnknown, EventTooLarge } from '@annal/domain';
import { OrthancError } from '../errors/http-errors.js';
import { acceptedEncoding } from './compression.js';
import { errorAnswer, renderErrorBody } from './error-answer.js';
import { isKnown } from './if-none-match.js';
import { byteRange } from './ranges.js';

describe('byteRange', () => {
  it.each([
    ['bytes=0-9', 0, 10],
    ['bytes=90-', 90, 100],
    ['bytes=90-1000', 90, 100],
    ['bytes=-10', 90, 100],
    ['bytes=-1000', 0, 100],
  ])('reads %s', (header, start, end) => {
    expect(byteRange(header, 100)).toEqual({ start, end });
  });

  it.each([undefined, 'bytes=', 'bytes=-', 'items=0-1', 'bytes=9-1', 'bytes=0-1,2-3', `bytes=${'0-1,'.repeat(5000)}`])(
    'answers the whole for %s',
    (header) => {
      expect(byteRange(header, 100)).toBeUndefined();
    },
  );

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('refuses %s', (header) => {
    expect(() => byteRange(header, 100)).toThrow(OrthancError);
  });
});

describe('acceptedEncoding', () => {
  it.each([
    ['gzip, deflate', 'gzip'],
    ['deflate', 'deflate'],
    ['gzip;q=0, deflate', 'deflate'],
    ['gzip;q=0.0', undefined],
    ['br', undefined],
    [undefined, undefined],
  ])('for %s is %s', (header, expected) => {
    expect(acceptedEncoding(header)).toBe(expected);
  });
});

describe('isKnown', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", W/"a"', true],
    ['"b,\\"a"', false],
    ['a', false],
    [' * ', true],
    [`${'"'.repeat(9000)}a`, false],
  ])('for %s is %s', (header, expected) => {
    expect(isKnown(header, '"a"')).toBe(expected);
  });
});

describe('errorAnswer', () => {
  it('tells a refused append from one whose outcome is unknown', () => {
    expect(errorAnswer(new AppendRefused('x'))).toMatchObject({
      status: 503,
      body: { details: expect.stringMatching(/Nothing was changed/) as string },
    });
    const unknown = errorAnswer(new AppendUnknown('x'));
    expect(unknown).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
    expect(unknown.body?.details).toMatch(/may have taken effect/);
  });

  it('does not have a client repeat what the log never takes', () => {
    const answer = errorAnswer(new EventTooLarge('x'));
    expect(answer).toMatchObject({ status: 413, headers: {} });
    expect(answer.body?.details).toMatch(/Nothing was changed: .* size/);
  });

  it('tells that the disk is full', () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write '/data/x'"), { code: 'ENOSPC' });
    expect(errorAnswer(error)).toEqual({
      status: 507,
      headers: {},
      body: { code: 19, message: 'The file storage is full', details: undefined },
    });
  });

  it('says nothing of what is inside', () => {
    const answer = errorAnswer(new Error('relation "patients" at /var/lib for DOE^JOHN'));
    expect(answer).toEqual({
      status: 500,
      headers: {},
      body: { code: -1, message: 'Internal error', details: undefined },
    });
  });
});

describe('renderErrorBody', () => {
  it.each([
    [404, 'Not Found'],
    [416, 'Requested Range Not Satisfiable'],
  ])('calls %s as Orthanc does', (status, text) => {
    const body = JSON.parse(renderErrorBody({ code: 1, message: 'm' }, status, 'GET', '/')) as Record<string, unknown>;
    expect(body).toMatchObject({ HttpError: text, HttpStatus: status });
  });
});
