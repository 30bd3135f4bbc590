import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileOf, pixelsOf } from '../archive/instances.js';
import { studyOf, type StudyShape } from '../archive/study.js';

/** What studies are made up of that it serves. */
export interface ServedStudies {
  readonly area: number;
  readonly shape: StudyShape;
  /** Of each file. */
  readonly pixelBytes: number;
}

const PART = Buffer.from('\r\nContent-Type: application/dicom\r\n');
const BOUNDARY = 'annal-bench';

/**
 * Another DICOMweb server, the same for all that talk to it: it counts what STOW-RS sends and forgets it, and answers
 * WADO-RS of `/studies/{index}` with a made-up study.
 */
export class DicomWebStandIn {
  private readonly server: Server;
  private readonly studies: ServedStudies;

  private constructor(server: Server, studies: ServedStudies) {
    this.server = server;
    this.studies = studies;
    server.on('request', (request, response) => void this.handle(request, response));
  }

  static async start(studies: ServedStudies): Promise<DicomWebStandIn> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new DicomWebStandIn(server, studies);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') {
      const referenced = { vr: 'SQ', Value: Array.from({ length: await partsIn(request) }, () => ({})) };
      response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
      response.end(JSON.stringify({ '00081199': referenced }));
      return;
    }
    const index = Number(/\d+$/.exec(request.url ?? '')?.[0]);
    response.writeHead(200, {
      'Content-Type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
    });
    for (const file of this.filesOf(index)) {
      response.write(`\r\n--${BOUNDARY}\r\nContent-Type: application/dicom\r\nContent-Length: ${file.length}\r\n\r\n`);
      if (!response.write(file)) await drained(response);
      if (response.destroyed) return;
    }
    response.end(`\r\n--${BOUNDARY}--`);
  }

  private *filesOf(index: number): Generator<Buffer, void> {
    const { area, shape, pixelBytes } = this.studies;
    const study = studyOf(area, index, shape);
    const pixels = pixelsOf(pixelBytes);
    for (const [series, count] of study.series.entries()) {
      for (let instance = 0; instance < count; instance++) yield fileOf({ study, series, instance }, pixels);
    }
  }
}

/** Waits until more may be written, or nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** How many DICOM files a multipart body has. */
async function partsIn(body: AsyncIterable<Buffer>): Promise<number> {
  let parts = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = bytes.indexOf(PART);
    for (; at >= 0; at = bytes.indexOf(PART, at + PART.length)) parts++;
    // shorter than what is looked for: nothing counts twice
    rest = Buffer.from(bytes.subarray(Math.max(0, bytes.length - PART.length + 1)));
  }
  return parts;
}
