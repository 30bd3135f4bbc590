import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { withSlashes } from '../../http/path.js';
import { CONFIGURATION } from '../../tokens.js';

/** Where a client reaches this server. */
interface Origin {
  readonly host: string;
  readonly https: boolean;
}

/** The URLs in answers, as the client of the request can use them. */
@Injectable()
export class WebUrls {
  private readonly root: string;

  constructor(@Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration) {
    const { PublicRoot, Root } = configuration.DicomWeb;
    this.root = withSlashes(PublicRoot === '' ? Root : PublicRoot);
  }

  /** The URL of the DICOMweb services, with a slash at its end, e.g. `http://localhost:8042/dicom-web/`. */
  base(request: FastifyRequest): string {
    const { Host, Ssl } = this.configuration.DicomWeb;
    const { host, https } = originOf(request.headers, Host, Ssl);
    return `${https ? 'https' : 'http'}://${host}${this.root}`;
  }
}

/**
 * The configured host as given; else the first element of `Forwarded` (RFC 7239); else `X-Forwarded-Host` with
 * `X-Forwarded-Proto`, where both are there; else `Host`.
 */
function originOf(headers: IncomingHttpHeaders, configured: string, ssl: boolean): Origin {
  if (configured !== '') return { host: configured, https: ssl };
  const own = headers.host ?? 'localhost';
  const forwarded = first(headers.forwarded);
  if (forwarded !== undefined) {
    const pairs = new Map(forwarded.split(';').map(pairOf));
    const proto = pairs.get('proto');
    return { host: pairs.get('host') ?? own, https: proto === undefined ? ssl : proto.toLowerCase() === 'https' };
  }
  const [host, proto] = [first(headers['x-forwarded-host']), first(headers['x-forwarded-proto'])];
  if (host !== undefined && proto !== undefined) return { host, https: proto.toLowerCase() === 'https' };
  return { host: own, https: ssl };
}

function first(header: string | string[] | undefined): string | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.split(',')[0]?.trim();
  return value === '' ? undefined : value;
}

function pairOf(pair: string): [string, string] {
  const [name = '', value = ''] = pair.split('=');
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
}
