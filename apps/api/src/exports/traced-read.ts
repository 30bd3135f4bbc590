import type { ExportProtocol } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import type { FastifyRequest } from 'fastify';
import { withoutLastSlash, withSlashes } from '../http/path.js';
import { REST_READS } from './rest-reads.js';

/** What a request read of whom: named by UIDs of DICOM, or by an Orthanc identifier. */
export interface TracedRead {
  readonly protocol: Extract<ExportProtocol, 'wado-rs' | 'wado-uri' | 'ohif' | 'file'>;
  readonly uid?: string;
  readonly id?: string;
  /** UID of the series, of an instance of it. */
  readonly series?: string;
  /** Set where it is no instance: nobody counts what is in it. */
  readonly whole?: true;
}

const SEARCHES = new Set(['/series', '/instances', '/series/:series/instances']);

/** Tells which requests read something; undefined of others, and of those whose kind is not traced. */
export function readsOf({
  Annal,
  DicomWeb,
}: Pick<AnnalConfiguration, 'Annal' | 'DicomWeb'>): (request: FastifyRequest) => TracedRead | undefined {
  const traced = new Set<string>(Annal.Exports.Reads);
  const studies = `${withSlashes(DicomWeb.Root)}studies/:study`;
  const wado = withoutLastSlash(DicomWeb.WadoRoot);
  const readOf = ({ method, routeOptions: { url }, params, query }: FastifyRequest): TracedRead | undefined => {
    if (url === undefined) return undefined;
    const named = params as Readonly<Record<string, string>>;
    if (REST_READS.has(`${method} ${url}`)) {
      return { protocol: 'file', id: named.id, ...(!url.startsWith('/instances/') && { whole: true }) };
    }
    if (method !== 'GET') return undefined;
    if (url === '/studies/:id/ohif-dicom-json') return { protocol: 'ohif', id: named.id, whole: true };
    if (url === wado) {
      const { objectUID: uid, seriesUID: series } = query as Readonly<Record<string, string | undefined>>;
      return uid === undefined ? undefined : { protocol: 'wado-uri', uid, ...(series !== undefined && { series }) };
    }
    if (!url.startsWith(studies) || SEARCHES.has(url.slice(studies.length))) return undefined;
    const { study, series, instance } = named;
    if (instance !== undefined) return { protocol: 'wado-rs', uid: instance, series };
    return { protocol: 'wado-rs', uid: series ?? study, whole: true };
  };
  return (request) => {
    const read = readOf(request);
    return read && traced.has(read.protocol) ? read : undefined;
  };
}
