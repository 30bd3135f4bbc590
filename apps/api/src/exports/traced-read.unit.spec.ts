import type { FastifyRequest } from 'fastify';
import { testConfiguration } from '../http/testing/test-app.js';
import { readsOf } from './traced-read.js';

const request = (method: string, url: string | undefined, params: object, query: object = {}): FastifyRequest =>
  ({ method, routeOptions: { url }, params, query }) as unknown as FastifyRequest;

describe('what a request reads', () => {
  const configured = (Reads: readonly string[]): ReturnType<typeof readsOf> =>
    readsOf(
      testConfiguration({ AuthenticationEnabled: false, Annal: { Exports: { Reads } }, DicomWeb: { Root: '/web' } }),
    );
  const readOf = configured(['wado-rs', 'wado-uri', 'ohif', 'file']);
  const series = { study: '1', series: '2' };
  const instance = { ...series, instance: '3' };

  it.each([
    ['GET', '/web/studies/:study', { study: '1' }, { protocol: 'wado-rs', uid: '1', whole: true }],
    ['GET', '/web/studies/:study/rendered', { study: '1' }, { protocol: 'wado-rs', uid: '1', whole: true }],
    ['GET', '/web/studies/:study/series/:series/metadata', series, { protocol: 'wado-rs', uid: '2', whole: true }],
    [
      'GET',
      '/web/studies/:study/series/:series/instances/:instance/frames/:frames',
      { ...instance, frames: '1' },
      { protocol: 'wado-rs', uid: '3', series: '2' },
    ],
    ['GET', '/instances/:id/file', { id: 'i' }, { protocol: 'file', id: 'i' }],
    ['GET', '/studies/:id/ohif-dicom-json', { id: 's' }, { protocol: 'ohif', id: 's', whole: true }],
    ['POST', '/instances/:id/export', { id: 'i' }, { protocol: 'file', id: 'i' }],
    ['GET', '/series/:id/numpy', { id: 's' }, { protocol: 'file', id: 's', whole: true }],
    ['GET', '/web/studies/:study/series', { study: '1' }, undefined],
    ['GET', '/web/studies/:study/instances', { study: '1' }, undefined],
    ['GET', '/web/studies/:study/series/:series/instances', series, undefined],
    ['GET', '/web/studies', {}, undefined],
    ['GET', '/instances/:id/tags', { id: 'i' }, undefined],
    ['GET', undefined, {}, undefined],
    ['POST', '/web/studies/:study', { study: '1' }, undefined],
    ['DELETE', '/web/studies/:study', { study: '1' }, undefined],
  ])('is known of %s %s', (method, url, params, expected) => {
    expect(readOf(request(method, url, params))).toEqual(expected);
  });

  it('is known of WADO-URI by its parameters', () => {
    const query = { requestType: 'WADO', studyUID: '1', seriesUID: '2', objectUID: '3' };
    expect(readOf(request('GET', '/wado', {}, query))).toEqual({ protocol: 'wado-uri', uid: '3', series: '2' });
    expect(readOf(request('GET', '/wado', {}, { objectUID: '3' }))).toEqual({ protocol: 'wado-uri', uid: '3' });
    expect(readOf(request('GET', '/wado', {}))).toBeUndefined();
  });

  it('does not matter where that kind of reading is not traced', () => {
    expect(configured(['file'])(request('GET', '/web/studies/:study', { study: '1' }))).toBeUndefined();
  });
});
