import { FAILURE_REASONS, type FailureKind } from '../../apps/api/src/dicomweb/stow/failure-reason.js';
import { pluginStatus, standardStatus, type StowOutcome } from '../../apps/api/src/dicomweb/stow/stow-outcome.js';
import { stowBody, type StowPart, stowType } from '../../apps/api/src/dicomweb/testing/stow-body.js';
import { type Answer, startWritingApp, type WritingApp } from '../../apps/api/src/rest/testing/writing-app.js';
import { pathsIn, quoted, type Row, section, table } from './dicomweb-page.js';
import {
  AS_STORED,
  BASE,
  compressed,
  foreign,
  GREY,
  image,
  INSTANCE,
  of,
  ofForeign,
  SERIES,
  STUDY,
} from './documented-images.js';

const Limits = { MaxFrameList: 3, MaxMultipartParts: 4, MaxDicomHeaderSize: 20_000, MaxPictureSize: 10_000 };
const JSON_TYPE = 'application/dicom+json';
const OCTETS = 'application/octet-stream';

const filled = (path: string): string =>
  path
    .replace('{study}', STUDY)
    .replace('{series}', SERIES)
    .replace('{instance}', '1.2.3.1.1')
    .replace('{list}', '1')
    .replace('{path}', '7fe00010');
/** What is sent where a row says it is accepted: the default for wildcards and for the names that stand for it. */
const sentFor = (accept: string, types: readonly string[]): string => {
  if (accept.includes('*') || accept === 'application/json') return types[0]!;
  return /^(?:application|text)\/xml$/.test(accept) ? 'application/dicom+xml' : accept;
};

describe('docs/dicomweb-conformance.md', () => {
  let plain: WritingApp;
  let strict: WritingApp;
  beforeAll(async () => {
    [plain, strict] = [
      await startWritingApp({ Annal: { Limits } }),
      await startWritingApp({ Annal: { Limits, DicomWebStrictStatus: true, DicomWebDelete: true } }),
    ];
    const other = image('1.2.4.1.1', {
      studyUid: '1.2.4',
      seriesUid: '1.2.4.1',
      patientId: 'Q',
      patientName: 'Roe^Ann',
    });
    const files = [
      image('1.2.3.1.1', { frames: 2, pixelBytes: Buffer.concat([GREY, GREY]) }),
      other,
      await compressed('1.2.3.1.2', `${BASE}.5`),
      await compressed('1.2.3.1.3', `${BASE}.4.80`),
      ...Object.entries(AS_STORED).map(([syntax, sop]) => foreign(sop, syntax)),
    ];
    for (const file of files) expect((await plain.send('POST', '/instances', file as never)).status).toBe(200);
    expect((await strict.send('POST', '/instances', files[0] as never)).status).toBe(200);
  });
  afterAll(() => Promise.all([plain?.close(), strict?.close()]));

  const ask = (path: string, Accept?: string, app = plain, method = 'GET'): Promise<Answer> =>
    app.send(method, `/dicom-web${path}`, undefined, Accept === undefined ? {} : { Accept });
  const typeOf = ({ headers }: Answer): string => headers.get('content-type') ?? '';
  const statusOf = async (path: string, accept?: string, app = plain): Promise<number> =>
    (await ask(path, accept, app)).status;
  const errorOf = async (path: string, accept?: string, app = plain): Promise<readonly unknown[]> => {
    const { status, json } = await ask(path, accept, app);
    return [status, (json as { OrthancStatus?: number }).OrthancStatus];
  };
  const expectType = async (path: string, accept: string, expected: string): Promise<void> => {
    const { status, headers } = await ask(path, accept);
    const type = headers.get('content-type')!;
    expect({ path, accept, status, type }).toEqual({
      path,
      accept,
      status: 200,
      type: expect.stringContaining(expected) as string,
    });
  };

  /** A check for each row of a table, by its first cell; none is missing and none is of a row that is not there. */
  const itHolds = (
    heading: string,
    header: string,
    checks: Readonly<Record<string, (row: Row) => Promise<void> | void>>,
  ): void => {
    const rows = table(heading, header);
    it(`tells of ${heading} by ${header} what the checks are of`, () => {
      expect(rows.map(([first]) => first!).toSorted()).toEqual(Object.keys(checks).toSorted());
    });
    it.each(rows.map((row) => [row[0]!, row] as const))(`${heading}, ${header}: %s`, async (first, row) => {
      await checks[first]?.(row);
    });
  };

  describe('resources', () => {
    const headings = ['Search', 'Retrieve (', 'Rendered', 'Retrieve metadata', 'Store'];
    const rows = headings.flatMap((heading) => table(heading, 'Resource'));
    const paths = [...rows.map(([, path]) => path!), section('Retrieve bulk data')].flatMap(pathsIn);
    const thumbnails = paths
      .filter((path) => path.endsWith('/rendered'))
      .map((path) => path.replace('rendered', 'thumbnail'));

    it.each([...new Set([...paths, ...thumbnails])])('%s is served', async (path) => {
      const [method, target] = path.startsWith('POST ') ? ['POST', path.slice(5)] : ['GET', path];
      const { status } = await ask(filled(target), undefined, plain, method);
      expect(status).toBe(method === 'POST' ? 415 : 200);
      const other = await ask(`${filled(target)}/`, undefined, plain, method);
      expect(other.status).toBe(status);
    });
  });

  describe('search', () => {
    const found = async (query: string): Promise<readonly string[]> => {
      const { status, json } = await ask(`/studies?${query}`);
      expect([query, status]).toEqual([query, 200]);
      const studies = json as readonly Record<string, { Value: readonly string[] }>[];
      return studies.map((study) => study['0020000D']!.Value[0]!);
    };

    itHolds('Search', 'Parameter', {
      '`{attribute}={value}`': async () => {
        for (const name of ['PatientID', '00100020', '0010,0020', '0010-0020', 'PatientID=Q&PatientID'])
          expect(await found(`${name}=P`)).toEqual([STUDY]);
        expect(await found('PatientID=P&StudyInstanceUID=1.2.4')).toEqual([]);
        expect(await found('NoSuchKeyword=P')).toHaveLength(3);
        expect(await found('RequestAttributesSequence.ScheduledProcedureStepID=X')).toEqual([]);
        expect((await ask('/studies?StudyDescription=')).text).toContain('00081030');
      },
      '`includefield`': async () => {
        for (const query of ['includefield=StudyDescription', 'includefield=PatientID,00081030', 'includefield=all'])
          expect((await ask(`/studies?${query}`)).text).toContain('00081030');
        expect((await ask('/studies')).text).not.toContain('00081030');
      },
      '`limit`, `offset`': async () => {
        expect(await found('limit=1')).toEqual([STUDY]);
        expect(await found('limit=1&offset=1')).toEqual(['1.2.4']);
        expect(await found('limit=0')).toHaveLength(3);
      },
      '`fuzzymatching`': async () => {
        expect(await found('PatientName=an%20ro&fuzzymatching=true')).toEqual(['1.2.4']);
        expect(await found('PatientName=an%20ro&fuzzymatching=false')).toEqual([]);
        expect(await found('PatientName=an%20ro')).toEqual([]);
      },
      '`orderby`': async () => {
        expect(await found('orderby=-PatientID')).toEqual(['1.2.6', '1.2.4', STUDY]);
        expect(await found('orderby=StudyDate,PatientID')).toEqual([STUDY, '1.2.4', '1.2.6']);
      },
    });

    itHolds('Search', 'Answer', {
      'media types': async ([, cell]) => {
        const types = quoted(cell!);
        for (const accept of types) await expectType('/studies', accept, sentFor(accept, types).split(';')[0]!);
        await expectType('/studies', 'text/unheard-of', types[0]!);
      },
      '200': async () => {
        expect([
          await statusOf('/studies?PatientID=X'),
          await statusOf('/studies?PatientID=X', undefined, strict),
        ]).toEqual([200, 204]);
      },
      '200 with `Warning: 299`': async () => {
        const limited = await startWritingApp({ LimitFindInstances: 1 });
        try {
          for (const sop of ['1.2.3.1.1', '1.2.3.1.2']) await limited.send('POST', '/instances', image(sop) as never);
          const { status, headers } = await ask('/instances', undefined, limited);
          expect([status, headers.get('warning')]).toEqual([200, expect.stringMatching(/^299 /)]);
        } finally {
          await limited.close();
        }
      },
      '400': async () => {
        for (const query of ['limit=x', 'offset=x', 'fuzzymatching=x', 'StudyDate=2*'])
          expect([query, await statusOf(`/studies?${query}`)]).toEqual([query, 400]);
      },
      '406': async () => expect(await statusOf('/studies', 'text/html', strict)).toBe(406),
    });
  });

  describe('files and frames', () => {
    const FILES = '`*/*`, `multipart/*`, `multipart/related`, with `type="application/dicom"` or without';
    itHolds('Retrieve (', 'DICOM files, asked for by', {
      [`nothing, ${FILES}`]: async () => {
        for (const accept of ['*/*', 'multipart/*', 'multipart/related', 'multipart/related; type="application/dicom"'])
          await expectType(INSTANCE, accept, 'multipart/related; type="application/dicom"');
      },
      '`application/dicom`, of one instance': () => expectType(INSTANCE, 'application/dicom', 'application/dicom'),
      '`application/zip`': () => expectType(`/studies/1.2.4`, 'application/zip', 'application/zip'),
    });

    const [anything, ...rows] = table('Retrieve (', 'Frames, asked for by').map(
      ([types = '', first = '', others = '']) => ({
        types: quoted(types),
        first: quoted(first)[0]!,
        others: quoted(others),
      }),
    );
    it.each(rows.flatMap(({ types, ...row }) => types.map((type) => [type, { ...row, name: types[0]! }] as const)))(
      'frames asked for by %s come in its transfer syntaxes, the first by default',
      async (type, { name, first, others }) => {
        const expectSyntax = async (syntax: string, named: boolean): Promise<void> => {
          const accept = `multipart/related; type="${type}"${named ? `; transfer-syntax=${syntax}` : ''}`;
          const { status, text } = await ask(`${syntax in AS_STORED ? ofForeign(syntax) : INSTANCE}/frames/1`, accept);
          expect([accept, status]).toEqual([accept, 200]);
          expect(text).toContain(`Content-Type: ${name}; transfer-syntax=${syntax}\r\n`);
        };
        await expectSyntax(first, false);
        for (const last of others) await expectSyntax(`${BASE}.4${last}`, true);
      },
    );
    it.each(anything!.types)('frames asked for by %s come uncompressed', async (accept) => {
      const { status, headers, text } = await ask(`${INSTANCE}/frames/1`, accept);
      expect([status, `${headers.get('content-type')} ${text}`]).toEqual([
        200,
        expect.stringContaining(accept === OCTETS ? OCTETS : `${OCTETS}; transfer-syntax=${anything!.first}`),
      ]);
    });

    itHolds('Retrieve (', 'Status', {
      '200': async () => {
        expect((await ask(INSTANCE)).headers.has('content-length')).toBe(true);
      },
      '400': async () => {
        expect(await errorOf(`${INSTANCE}/frames/9`)).toEqual([400, 3]);
        expect(await errorOf(`${INSTANCE}/frames/x`)).toEqual([400, 15]);
        expect(await errorOf(`${INSTANCE}/frames/1`, 'text/html')).toEqual([400, 8]);
        expect(await errorOf(`${INSTANCE}/frames/1`, 'text/html', strict)).toEqual([406, 34]);
      },
      '404': async () => {
        for (const path of ['/studies/9', `/studies/${STUDY}/series/9`, of('9'), `${of('9')}/frames/1`])
          expect([path, await statusOf(path)]).toEqual([path, 404]);
      },
      '413': async () => expect(await statusOf(`${INSTANCE}/frames/1,1,1,1`)).toBe(413),
      // a matter of load: test/faults and the specs of threads
      '503 with `Retry-After`': () => undefined,
    });
  });

  describe('rendered', () => {
    const RENDERED = `${INSTANCE}/rendered`;
    itHolds('Rendered', 'Parameter', {
      '`window`': async ([, cell]) => {
        for (const kind of quoted(cell!).slice(1))
          expect([kind, await statusOf(`${RENDERED}?window=100,50,${kind}`)]).toEqual([kind, 200]);
        expect(await statusOf(`${RENDERED}?window=100,50,cubic`)).toBe(400);
      },
      '`viewport`': async () => {
        for (const viewport of ['20,30', '20,30,0,0,8,8', '20,30,,,,', '20,30,0,0,-8,8'])
          expect([viewport, await statusOf(`${RENDERED}?viewport=${viewport}`)]).toEqual([viewport, 200]);
      },
      '`quality`': async () => {
        const length = async (quality: string): Promise<number> => (await ask(RENDERED + quality)).bytes.length;
        expect(await length('?quality=1')).toBeLessThan(await length('?quality=100'));
        expect(await length('?quality=90')).toBe(await length(''));
      },
      '`accept`': async () => expect(typeOf(await ask(`${RENDERED}?accept=image/png`, 'image/gif'))).toBe('image/png'),
      '`annotation`, `iccprofile`': async () => {
        for (const query of ['annotation=patient', 'iccprofile=srgb'])
          expect((await ask(`${RENDERED}?${query}`)).headers.get('warning')).toMatch(/^299 /);
      },
    });
    itHolds('Rendered', 'Answer', {
      'media types': async ([, cell]) => {
        const types = quoted(cell!);
        for (const accept of types) await expectType(RENDERED, accept, sentFor(accept, types));
      },
      '`multipart/related`, with one of them as its `type`': async () => {
        const { status, text } = await ask(RENDERED, 'multipart/related; type="image/png"');
        expect([status, text.match(/Content-Location: /g)?.length]).toEqual([200, 2]);
      },
      '400': async () => {
        for (const path of ['?window=x', '?viewport=1', '?quality=0'].map((query) => RENDERED + query))
          expect([path, await statusOf(path)]).toEqual([path, 400]);
        expect([await statusOf(RENDERED, 'text/html'), await statusOf(RENDERED, 'text/html', strict)]).toEqual([
          400, 406,
        ]);
      },
      '404': async () => expect(await statusOf(`${of('9')}/rendered`)).toBe(404),
      '413': async () => expect(await statusOf(`${RENDERED}?viewport=101,100`)).toBe(413),
      '503': () => undefined,
    });
  });

  describe('WADO-URI', () => {
    const wado = (query: string, app = plain): Promise<Answer> =>
      app.send('GET', `/wado?requestType=WADO&objectUID=1.2.3.1.1${query}`);
    const bytesOf = async (query: string): Promise<string> => (await wado(query)).bytes.toString('base64');
    const differs = async (query: string): Promise<void> => {
      expect([query, (await wado(query)).status]).toEqual([query, 200]);
      expect(await bytesOf(query)).not.toBe(await bytesOf(''));
    };
    itHolds('WADO-URI', 'Parameter', {
      '`requestType`, `objectUID`': async () => expect((await wado('')).status).toBe(200),
      '`studyUID`, `seriesUID`': async () => {
        expect((await wado(`&studyUID=${STUDY}&seriesUID=${SERIES}`)).status).toBe(200);
        for (const query of ['&studyUID=1.2.4', '&seriesUID=1.2.4.1']) expect((await wado(query)).status).toBe(404);
      },
      '`contentType`': async ([, cell]) => {
        const types = quoted(cell!).filter((type) => type.includes('/'));
        for (const type of types) expect(typeOf(await wado(`&contentType=${type}`))).toBe(type);
        expect(typeOf(await wado(''))).toBe(types[0]);
      },
      '`transferSyntax`': async () => {
        const file = '&contentType=application/dicom&transferSyntax=';
        expect((await wado(`${file}${BASE}.4.80`)).text).toContain(`${BASE}.4.80`);
        expect((await wado(`${file}*`)).text).toContain(`${BASE}.1`);
      },
      '`frameNumber`': async () => {
        expect((await wado('&frameNumber=2')).status).toBe(200);
        expect((await wado('&frameNumber=0')).status).toBe(400);
      },
      '`windowCenter`, `windowWidth`': () => differs('&windowCenter=20&windowWidth=9'),
      '`rows`, `columns`': () => differs('&rows=8&columns=8'),
      '`region`': () => differs('&region=0,0,0.5,0.5'),
      '`imageQuality`': () => differs('&imageQuality=5'),
      '`annotation`, `charset`': async () =>
        expect(await bytesOf('&annotation=patient&charset=utf-8')).toBe(await bytesOf('')),
      '`anonymize`, `presentationUID`, `presentationSeriesUID`': async ([names]) => {
        for (const name of quoted(names!)) expect([name, (await wado(`&${name}=yes`)).status]).toEqual([name, 501]);
      },
    });
    itHolds('WADO-URI', 'Answer', {
      '400': async () => {
        for (const query of ['&rows=x', '&contentType=text/html', '&contentType=application/dicom&transferSyntax=9.9'])
          expect([query, (await wado(query)).status]).toEqual([query, 400]);
      },
      '404': async () => {
        for (const query of [
          '',
          'requestType=WADO',
          'requestType=X&objectUID=1.2.3.1.1',
          'requestType=WADO&objectUID=9',
        ])
          expect([query, (await plain.send('GET', `/wado?${query}`)).status]).toEqual([query, 404]);
      },
      '413': async () => expect((await wado('&rows=101&columns=101')).status).toBe(413),
      '501': async () => expect((await wado('&anonymize=yes')).status).toBe(501),
    });
  });

  describe('metadata and bulk data', () => {
    const METADATA = `${INSTANCE}/metadata`;
    const bulk = (sop: string): string => `${of(sop)}/bulk/7fe00010`;
    const lines = table('Retrieve metadata', 'Answer');

    it('metadata come in the media types of the page', async () => {
      const types = quoted(lines.find(([first]) => first === 'media types')![1]!);
      for (const accept of types) await expectType(METADATA, accept, sentFor(accept, types).split(';')[0]!);
    });

    it('metadata have the statuses of the page', async () => {
      expect(lines.map(([first]) => first).filter((first) => /^\d/.test(first!))).toEqual(['200', '304', '400', '404']);
      const etag = (await ask(METADATA)).headers.get('etag')!;
      for (const tag of [etag, '*']) {
        const { status } = await plain.send('GET', `/dicom-web${METADATA}`, undefined, { 'If-None-Match': tag });
        expect([tag, status]).toEqual([tag, 304]);
      }
      expect([await statusOf(METADATA, 'text/html'), await statusOf(METADATA, 'text/html', strict)]).toEqual([
        400, 406,
      ]);
      expect(await statusOf(`${of('9')}/metadata`)).toBe(404);
      const study = Object.values((await plain.send('POST', '/tools/lookup', STUDY)).json as { ID: string }[])[0]!.ID;
      expect((await plain.send('POST', `/studies/${study}/update-dicomweb-cache`, '{}')).json).toEqual({});
    });

    itHolds('Retrieve bulk', '`Accept`', {
      '`*/*`, nothing': async () => {
        for (const accept of ['*/*', undefined])
          expect(typeOf(await ask(bulk('1.2.3.1.1'), accept))).toContain(`multipart/related; type="${OCTETS}"`);
        await expectType(bulk('1.2.3.1.2'), '*/*', 'multipart/related; type="image/dicom-rle"');
      },
      [`\`multipart/related; type="${OCTETS}"\``]: () =>
        expectType(bulk('1.2.3.1.2'), `multipart/related; type="${OCTETS}"`, `multipart/related; type="${OCTETS}"`),
      [`\`${OCTETS}\``]: async () => {
        await expectType(bulk('1.2.3.1.1'), OCTETS, OCTETS);
        for (const [Range, status] of [
          ['bytes=1-2', 206],
          ['bytes=99999-', 416],
        ] as const) {
          const part = await plain.send('GET', `/dicom-web${bulk('1.2.3.1.1')}`, undefined, { Accept: OCTETS, Range });
          expect(part.status).toBe(status);
        }
      },
      '`image/jpeg`, `image/jls`, `image/jp2`, `image/dicom-rle`, `video/mp4` …, alone or in `multipart/related`':
        async () => {
          for (const [sop, type] of [
            ['1.2.3.1.2', 'image/dicom-rle'],
            ['1.2.3.1.3', 'image/jls'],
          ] as const)
            await expectType(bulk(sop), `multipart/related; type="${type}"`, `multipart/related; type="${type}"`);
          await expectType(`${ofForeign(`${BASE}.4.102`)}/bulk/7fe00010`, 'video/mp4', 'video/mp4');
        },
    });
    itHolds('Retrieve bulk', 'Status', {
      '400': async () => {
        expect(await statusOf(bulk('1.2.3.1.1'), 'text/html')).toBe(400);
        expect(await statusOf(bulk('1.2.3.1.1'), 'text/html', strict)).toBe(406);
        expect(await statusOf(`${INSTANCE}/bulk/zz`)).toBe(400);
      },
      '404': async () => {
        expect([await statusOf(bulk('9')), await statusOf(`${INSTANCE}/bulk/00420011`)]).toEqual([404, 404]);
      },
    });
  });

  describe('store', () => {
    const stow = (
      parts: readonly StowPart[],
      { app = plain, path = '/studies', type = stowType(), accept = '*/*' } = {},
    ) => app.send('POST', `/dicom-web${path}`, stowBody(parts) as never, { 'Content-Type': type, Accept: accept });
    const reasonsOf = ({ json }: Answer): readonly number[] =>
      ['00081198', '0008119A'].flatMap((tag) =>
        ((json as Record<string, { Value?: Record<string, { Value: number[] }>[] }>)[tag]?.Value ?? []).map(
          (item) => item['00081197']!.Value[0]!,
        ),
      );
    const good = image('1.2.3.1.1', { frames: 2, pixelBytes: Buffer.concat([GREY, GREY]) });
    const other = image('1.2.5.1', { studyUid: '1.2.5', seriesUid: '1.2.5.1' });
    const ofStudy = `/studies/${STUDY}`;
    const bad = Buffer.from('no DICOM');
    const told = (more: object): StowPart => ({
      headers: { 'Content-Type': JSON_TYPE },
      content: JSON.stringify({
        '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
        '00080018': { vr: 'UI', Value: ['1.2.3.1.77'] },
        '00100020': { vr: 'LO', Value: ['P'] },
        '0020000D': { vr: 'UI', Value: [STUDY] },
        '0020000E': { vr: 'UI', Value: [SERIES] },
        ...more,
      }),
    });
    const PIXELS = { '7FE00010': { vr: 'OB', BulkDataURI: 'pixels' } };

    it.each(table('Store', '`Content-Type`').map(([type]) => quoted(type!)[0]!))('%s is taken', async (type) => {
      const xml =
        '<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">' +
        Object.entries({ '00080016': '1.2.3', '00080018': '1.2.3.1.78', '0020000D': STUDY, '0020000E': SERIES })
          .map(([tag, uid]) => `<DicomAttribute tag="${tag}" vr="UI"><Value number="1">${uid}</Value></DicomAttribute>`)
          .join('') +
        '<DicomAttribute tag="00100020" vr="LO"><Value number="1">P</Value></DicomAttribute></NativeDicomModel>';
      const [, inner] = /type="([^"]+)"/.exec(type) ?? [];
      const parts: Readonly<Record<string, StowPart>> = {
        'application/dicom': good,
        [JSON_TYPE]: told({}),
        'application/dicom+xml': { headers: { 'Content-Type': 'application/dicom+xml' }, content: xml },
      };
      const answer =
        inner === undefined
          ? await plain.send('POST', '/dicom-web/studies', good as never, { 'Content-Type': type })
          : await stow([parts[inner]!], { type: stowType(inner) });
      expect(answer.status).toBe(200);
    });

    it('answers in the media types of the page', async () => {
      const types = quoted(table('Store', 'Answer').find(([first]) => first === 'media types')![1]!);
      for (const accept of types) {
        const answer = await stow([good], { accept });
        expect([accept, answer.status, typeOf(answer)]).toEqual([accept, 200, sentFor(accept, types)]);
      }
    });

    it('warns of other bytes of the same instance', async () => {
      const warning = /`([0-9A-F]{4})`/.exec(
        table('Store', 'Answer').find(([, text]) => text!.includes('WarningReason'))![1]!,
      )!;
      const { text } = await stow([image('1.2.3.1.1', { patientName: 'Other' })], { app: strict });
      expect(text).toContain(`{"vr":"US","Value":[${parseInt(warning[1]!, 16)}]}`);
    });

    describe('failure reasons', () => {
      const rows = table('Store', 'Failure reason').map(([code]) => /^`([0-9A-F]{4})` \((\d+)\)$/.exec(code!)!);
      const provoke: Readonly<Record<number, () => Promise<Answer>>> = {
        [FAILURE_REASONS.processing]: () => stow([other], { path: ofStudy }),
        [FAILURE_REASONS.storageFull]: async () => {
          const full = await startWritingApp({ MaximumStorageSize: 1, MaximumStorageMode: 'Reject' });
          try {
            return await stow([image('1.2.3.1.1', { pixelBytes: Buffer.alloc(1_100_000) })], { app: full });
          } finally {
            await full.close();
          }
        },
        [FAILURE_REASONS.beyondLimit]: () =>
          stow([image('1.2.3.1.60', { extra: [[0x0040a160, 'UT', 'x'.repeat(2_000_000)]] })], { app: strict }),
        [FAILURE_REASONS.notUnderstood]: () => stow([bad], { app: strict }),
        [FAILURE_REASONS.missingBulkData]: () => stow([told(PIXELS)], { type: stowType(JSON_TYPE) }),
        [FAILURE_REASONS.transferSyntax]: () =>
          stow(
            [told(PIXELS), { headers: { 'Content-Type': 'image/bmp', 'Content-Location': 'pixels' }, content: 'x' }],
            {
              app: strict,
              type: stowType(JSON_TYPE),
            },
          ),
      };

      it('are those that the code can give', () => {
        expect(rows.map(([, , decimal]) => Number(decimal))).toEqual(Object.values(FAILURE_REASONS));
      });
      it.each(rows.map(([, hex, decimal]) => [hex!, Number(decimal)] as const))('%s is given', async (hex, decimal) => {
        expect([parseInt(hex, 16), reasonsOf(await provoke[decimal]!())]).toEqual([decimal, [decimal]]);
      });
    });

    describe('statuses', () => {
      const failed = (kind: FailureKind): StowOutcome => ({ failure: { reason: 0, kind } });
      const stored = (status: string): StowOutcome => ({ stored: { status }, uids: {} }) as never;
      /** By default, and as the standard has them. */
      const both = async (parts: readonly StowPart[], more = {}): Promise<readonly number[]> => [
        (await stow(parts, more)).status,
        (await stow(parts, { ...more, app: strict })).status,
      ];
      /** What no simple request leads to. */
      const reckoned = (...outcomes: readonly StowOutcome[]): readonly number[] => [
        pluginStatus(outcomes).status,
        standardStatus(outcomes).status,
      ];
      const statuses = ([, plainly, strictly]: Row): readonly number[] => [Number(plainly), parseInt(strictly!)];
      const is = (ask: () => Promise<readonly number[]> | readonly number[]) => async (row: Row) =>
        expect(await ask()).toEqual(statuses(row));

      itHolds('Store', 'Status', {
        'all stored, or there already': async (row) => {
          await is(() => both([good]))(row);
          expect(await both([image('1.2.3.1.1', { patientName: 'Other' })])).toEqual([200, 202]);
        },
        'some stored but not yet visible': is(() => reckoned(stored('NotYetVisible'))),
        'some stored; some of another study': is(() => both([good, other], { path: ofStudy })),
        'some stored; others failed': is(() => both([good, bad])),
        'none stored, all of another study': is(() => both([other], { path: ofStudy })),
        'none stored, all not understood or beyond a limit': is(() => both([bad])),
        'none stored, for other reasons': is(() => reckoned(failed('no room'))),
        'something could not be stored for now; `Retry-After`': async (row) => {
          const [, , strictly] = row;
          expect(reckoned(failed('unavailable'), stored('Success'))).toEqual(statuses(row));
          expect(strictly).toContain(`else ${reckoned(failed('unavailable'))[1]}`);
        },
        'the `Accept` cannot be met; nothing is stored': is(() => both([good], { accept: 'text/html' })),
        'the `Content-Type` is another one, or has no boundary; nothing is stored': is(() =>
          both([good], { type: 'text/plain' }),
        ),
        'no boundary in the body, or a longer one than 256 characters': is(() =>
          both([good], { type: 'multipart/related; type="application/dicom"; boundary=other' }),
        ),
        "too many parts, a part's header too long, a body or metadata too large; parts before are stored": is(() =>
          both([good, good, good, good, good]),
        ),
      });
    });
  });

  describe('capabilities, and deletion', () => {
    it('are told of as XML and JSON, and by OPTIONS', async () => {
      const [wadl, json] = quoted(section('Capabilities')).filter((type) => type.startsWith('application/'));
      await expectType('/', '*/*', wadl!);
      await expectType('/', json!, json!);
      const options = await ask(INSTANCE, undefined, plain, 'OPTIONS');
      expect([options.status, options.headers.get('allow')]).toEqual([204, expect.stringContaining('GET')]);
      expect(await statusOf('/info')).toBe(200);
    });

    it.each([...pathsIn(section('Delete'))].reverse())('DELETE of %s: 405, or 204 and then 404', async (path) => {
      const refused = await ask(filled(path), undefined, plain, 'DELETE');
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, expect.stringContaining('GET')]);
      await stow(strict);
      const statuses = [];
      for (let time = 0; time < 2; time++) statuses.push((await ask(filled(path), undefined, strict, 'DELETE')).status);
      expect(statuses).toEqual([204, 404]);
    });

    const stow = (app: WritingApp): Promise<Answer> => app.send('POST', '/instances', image('1.2.3.1.1') as never);
  });
});
