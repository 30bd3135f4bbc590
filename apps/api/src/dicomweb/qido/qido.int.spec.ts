import { readFileSync } from 'node:fs';
import { DicomDictionary, type HeaderElement } from '@annal/dicom';
import { instanceWith, type ReadingApp, startReadingApp } from '../../rest/testing/reading-app.js';

type Attribute = { readonly vr: string; readonly Value?: readonly unknown[] };
type Answer = Readonly<Record<string, Attribute>>;

const STUDIES = [
  {
    name: 'DÉSIRÉ^Eve',
    date: '20260105',
    time: '101500',
    modalities: ['MR', 'PR'],
    description: 'Head, neck',
    rows: 512,
  },
  { name: 'Doe^John', date: '20260210', time: '120030.5', modalities: ['CT'], description: 'Spine', rows: 256 },
  { name: '', date: '', time: '', modalities: ['US'], description: '', rows: 256 },
];

function elements(study: number, slice: number): HeaderElement[] {
  const { rows, modalities } = STUDIES[study]!;
  return [
    [0x00080008, 'CS', 'ORIGINAL\\PRIMARY'],
    [0x0008002a, 'DT', `2026010${slice + 1}101500.5-0500`],
    [0x00091001, 'UN', 'vendor'],
    [0x00104000, 'LT', 'a comment'],
    [0x00280010, 'US', [rows]],
    [0x00280011, 'US', [rows]],
    [0x00280030, 'DS', '0.5\\0.25'],
    [0x00280100, 'US', [16]],
    [
      0x00400275,
      'SQ',
      [
        [[0x00400009, 'SH', `STEP${slice}`]],
        [
          [0x00400007, 'LO', modalities[0]!],
          [0x00400008, 'SQ', [[[0x00080100, 'SH', `C${study}`]]]],
        ],
      ],
    ],
  ];
}

describe('QIDO-RS', () => {
  let reading: ReadingApp;
  let limited: ReadingApp;

  const events = STUDIES.flatMap(({ name, date, time, modalities, description }, study) =>
    modalities.flatMap((modality, series) =>
      [0, 1].map((slice) =>
        instanceWith(
          {
            patient: `P${study}`,
            study: `1.${study}`,
            series: `1.${study}.${series}`,
            instance: `1.${study}.${series}.${slice}`,
            tags: {
              Patient: { '00100010': name },
              Study: { '00080020': date, '00080030': time, '00081030': description, '00080050': `ACC${study}` },
              Series: { '00080060': modality, '00200011': `${series + 1}`, '00540081': '2' },
              Instance: { '00200013': `${slice + 1}`, '00200037': '1\\0\\0\\0\\1\\0' },
            },
          },
          elements(study, slice),
        ),
      ),
    ),
  );

  beforeAll(async () => {
    [reading, limited] = await Promise.all([
      startReadingApp(),
      startReadingApp({
        LimitFindResults: 2,
        LimitFindInstances: 3,
        DicomWeb: { QidoCaseSensitive: true, Root: '/web/', Host: 'pacs.example', Ssl: true },
        Annal: { DicomWebStrictStatus: true, Limits: { MaxQueryParameters: 3, MaxQueryAttributes: 2 } },
      }),
    ]);
    await Promise.all([reading, limited].map(({ log }) => log.submit(events)));
  });
  afterAll(() => Promise.all([reading.close(), limited.close()]));

  const search = async (path: string): Promise<readonly Answer[]> => {
    const { status, json } = await reading.ask<readonly Answer[]>(`/dicom-web/${path}`);
    expect({ path, status }).toEqual({ path, status: 200 });
    return json;
  };
  /** The last parts of the URLs found. */
  const found = async (path: string): Promise<readonly string[]> =>
    (await search(path)).map((answer) => String(answer['00081190']!.Value![0]).split('/').at(-1)!);
  const studies = (query: string): Promise<readonly string[]> => found(`studies?${query}`);

  it('answers at all levels and on all paths, with or without a slash at the end', async () => {
    const all = ['1.0', '1.1', '1.2'];
    expect(await found('studies')).toEqual(all);
    expect(await found('studies/')).toEqual(all);
    expect(await found('series')).toEqual(['1.0.0', '1.0.1', '1.1.0', '1.2.0']);
    expect(await found('studies/1.0/series/')).toEqual(['1.0.0', '1.0.1']);
    expect(await found('studies/1.1/instances')).toEqual(['1.1.0.0', '1.1.0.1']);
    expect(await found('studies/1.0/series/1.0.1/instances')).toEqual(['1.0.1.0', '1.0.1.1']);
    expect(await found('studies/1.0/series/1.1.0/instances')).toEqual([]);
    expect(await found('instances')).toHaveLength(8);
    expect(await found('studies/9.9/series')).toEqual([]);
  });

  it('shows what the standard asks for, in ascending order', async () => {
    const [study] = await search('studies?limit=1');
    expect(study).toEqual({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00080020': { vr: 'DA', Value: ['20260105'] },
      '00080030': { vr: 'TM', Value: ['101500'] },
      '00080050': { vr: 'SH', Value: ['ACC0'] },
      '00080061': { vr: 'CS', Value: ['MR', 'PR'] },
      '00081190': { vr: 'UR', Value: [`${reading.app.url}/dicom-web/studies/1.0`] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DÉSIRÉ^Eve' }] },
      '00100020': { vr: 'LO', Value: ['P0'] },
      '0020000D': { vr: 'UI', Value: ['1.0'] },
      '00201206': { vr: 'IS', Value: [2] },
      '00201208': { vr: 'IS', Value: [4] },
    });
    const [, series] = await search('studies/1.0/series');
    expect(series).toMatchObject({
      '00080060': { vr: 'CS', Value: ['PR'] },
      '00100020': { Value: ['P0'] },
      '0020000E': { Value: ['1.0.1'] },
      '00200011': { vr: 'IS', Value: [2] },
      '00201209': { vr: 'IS', Value: [2] },
    });
    expect(series).not.toHaveProperty('00201206');
    const [instance] = await search('instances?SOPInstanceUID=1.1.0.1');
    expect(Object.keys(instance!)).toEqual(Object.keys(instance!).sort());
    expect(instance).toMatchObject({
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
      '00080018': { vr: 'UI', Value: ['1.1.0.1'] },
      '00080056': { vr: 'CS', Value: ['ONLINE'] },
      '00081190': { Value: [`${reading.app.url}/dicom-web/studies/1.1/series/1.1.0/instances/1.1.0.1`] },
      '00200013': { vr: 'IS', Value: [2] },
      '00280010': { vr: 'US', Value: [256] },
      '00280100': { vr: 'US', Value: [16] },
    });
    expect((await search('studies?StudyInstanceUID=1.2'))[0]).toMatchObject({ '00080020': { vr: 'DA' } });
  });

  it.each(['studies', 'series', 'instances'])('shows of %s what the conformance statement says', async (level) => {
    const levels = ['all', 'studies', 'series', 'instances'];
    const promised = new Set(levels.slice(0, levels.indexOf(level) + 1).flatMap(documented));
    const shown = new Set((await search(level)).flatMap((answer) => Object.keys(answer)));
    const dictionary = new DicomDictionary();
    const names = [...shown].map((tag) => dictionary.nameOf(Number.parseInt(tag, 16)));
    expect(names.filter((name) => !promised.has(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['SpecificCharacterSet', 'RetrieveURL', 'StudyDate', 'PatientID']));
  });

  it('leaves out the levels whose UID the query names', async () => {
    const [ofStudy] = await search('instances?StudyInstanceUID=1.0');
    expect(ofStudy).not.toHaveProperty('00100010');
    expect(ofStudy).toHaveProperty('00080060');
    const [ofBoth] = await search('instances?StudyInstanceUID=1.0&SeriesInstanceUID=1.0.0');
    expect(ofBoth).not.toHaveProperty('00080060');
    expect(ofBoth).toHaveProperty('0020000E');
    expect((await search('studies/1.0/instances'))[0]).toHaveProperty('00100010');
    // the path's UID counts
    expect(await found('studies/1.0/series?StudyInstanceUID=1.1')).toEqual(['1.0.0', '1.0.1']);
  });

  it('matches values, lists, wildcards and ranges, percent-encoded or not', async () => {
    expect(await studies('PatientID=p1')).toEqual(['1.1']);
    expect(await studies('00100020=P0,P2')).toEqual(['1.0', '1.2']);
    expect(await studies('0010,0020=P0%5CP1')).toEqual(['1.0', '1.1']);
    expect(await studies('StudyInstanceUID=1.0,1.2')).toEqual(['1.0', '1.2']);
    expect(await studies('PatientName=d*')).toEqual(['1.0', '1.1']);
    expect(await studies('PatientName=D%C3%89SIR%C3%89%5EEve')).toEqual(['1.0']);
    expect(await studies('PatientName=d%3Fe*')).toEqual(['1.1']);
    expect(await studies('PatientName=doe*,D*eve')).toEqual(['1.0', '1.1']);
    expect(await studies('StudyDescription=Head, neck')).toEqual(['1.0']);
    expect(await studies('StudyDate=20260101-20260131')).toEqual(['1.0']);
    expect(await studies('StudyDate=20260201-')).toEqual(['1.1']);
    expect(await studies('StudyDate=-20260201&PatientID=P*')).toEqual(['1.0', '1.2']);
    expect(await studies('StudyTime=120000-130000')).toEqual(['1.1']);
    expect(await studies('PatientName=')).toHaveLength(3);
    for (const nothing of ['%00', 'a%00,b', '%FF', '%25', '_', '%F0%9F%98%80*']) {
      expect(await studies(`PatientName=${nothing}`)).toEqual([]);
    }
    expect(await studies('fuzzymatching=true&PatientName=%00(%5B%2B')).toEqual([]);
    expect(await studies('patientname=nobody&Foo=1')).toHaveLength(3);
  });

  it('finds nothing outside of the study and the series that a path names', async () => {
    for (const path of [
      'studies/,/series',
      'studies/%5C/series',
      'studies/,/instances',
      'studies/1.0/series/,/instances',
      'studies/1.0,1.1/series',
      'studies/1.0%5C1.1/series',
      'studies/1.0/series/1.0.0,1.0.1/instances',
    ]) {
      expect([path, await found(path)]).toEqual([path, []]);
    }
    expect((await reading.ask('/dicom-web/studies/*/series')).status).toBe(400);
  });

  it('takes what is empty among several values for an empty value', async () => {
    for (const key of ['StudyInstanceUID', 'SeriesInstanceUID', 'ModalitiesInStudy', 'AccessionNumber']) {
      expect([key, await studies(`${key}=,`)]).toEqual([key, []]);
    }
    expect(await studies('StudyInstanceUID=1.1,')).toEqual(['1.1']);
    expect(await studies('StudyDate=,')).toEqual(['1.2']);
    expect(await studies('StudyDate=20260105,')).toEqual(['1.0', '1.2']);
    for (const nothing of [',', '^', '%20'])
      expect(await studies(`fuzzymatching=true&PatientName=${nothing}`)).toEqual([]);
    expect(await studies('fuzzymatching=true&PatientName=')).toHaveLength(3);
  });

  it('matches what only headers know: other tags, date-times, inside sequences', async () => {
    expect(await studies('Rows=512')).toEqual(['1.0']);
    expect(await found('instances?Rows=256&limit=2&offset=1')).toEqual(['1.1.0.1', '1.2.0.0']);
    expect(await found('studies/1.1/instances?AcquisitionDateTime=20260101-20260101')).toEqual(['1.1.0.0']);
    expect(await found('studies/1.1/instances?AcquisitionDateTime=20260102000000-0500-')).toEqual(['1.1.0.1']);
    const path = 'RequestAttributesSequence.ScheduledProcedureStepID';
    expect(await found(`studies/1.2/instances?${path}=STEP1`)).toEqual(['1.2.0.1']);
    expect(await studies('00400275.00400008.00080100=C1')).toEqual(['1.1']);
    expect(await studies('00091001=nobody')).toEqual([]);
    expect(await studies('ImageType=SECONDARY,PRIMARY')).toHaveLength(3);
    expect(await studies('ImageType=SECONDARY,OTHER')).toEqual([]);
  });

  it('matches what is computed, and what is below', async () => {
    expect(await studies('ModalitiesInStudy=PR')).toEqual(['1.0']);
    expect(await studies('ModalitiesInStudy=pr,US')).toEqual(['1.0', '1.2']);
    expect(await studies('NumberOfStudyRelatedSeries=2')).toEqual(['1.0']);
    expect(await studies('SOPClassesInStudy=1.2.840.10008.5.1.4.1.1.2')).toHaveLength(3);
    expect(await studies('Modality=PR')).toEqual(['1.0']);
    expect(await studies('Modality=P*')).toEqual(['1.0']);
    expect(await studies('SeriesInstanceUID=1.1.0')).toEqual(['1.1']);
    expect(await studies('SOPInstanceUID=1.2.0.1')).toEqual(['1.2']);
    expect(await found('series?InstanceNumber=2')).toHaveLength(4);
    expect(await found('instances?InstanceAvailability=ONLINE&limit=3')).toHaveLength(3);
  });

  it('looks for names loosely where that is asked for', async () => {
    expect(await studies('PatientName=desire')).toEqual([]);
    expect(await studies('fuzzymatching=true&PatientName=desire')).toEqual(['1.0']);
    expect(await studies('fuzzymatching=true&PatientName=eve%20des')).toEqual(['1.0']);
    expect(await studies('fuzzymatching=true&PatientName=JOHN%5EDOE')).toEqual(['1.1']);
    expect(await studies('fuzzymatching=true&PatientName=ohn')).toEqual([]);
    expect(await studies('fuzzymatching=true&PatientID=P')).toEqual([]);
    const many = 'e%20ev%20eve%20d%20de%20des%20desi';
    expect(await studies(`fuzzymatching=true&PatientName=${many}`)).toEqual(['1.0']);
    for (const no of ['x', '_', '%25', 'desk']) {
      expect(await studies(`fuzzymatching=true&PatientName=${many}%20${no}`)).toEqual([]);
    }
    const thousands = Array.from({ length: 2000 }, (_, index) => `E${index}`).join('%20');
    expect(await studies(`fuzzymatching=true&PatientName=eve%20${thousands}`)).toEqual([]);
  });

  it('shows further attributes where they are asked for', async () => {
    const [study] = await search(
      'studies?limit=1&includefield=StudyDescription,00280030&includefield=PatientComments,foo',
    );
    expect(study).toMatchObject({
      '00081030': { vr: 'LO', Value: ['Head, neck'] },
      '00104000': { vr: 'LT', Value: ['a comment'] },
      '00280030': { vr: 'DS', Value: ['0.5', '0.25'] },
    });
    const [lower] = await search('studies?limit=1&includefield=Modality,SeriesNumber,InstanceNumber,SeriesDescription');
    expect(lower).toMatchObject({
      '00080060': { vr: 'CS', Value: ['MR'] },
      '00200011': { vr: 'IS', Value: [1] },
      '00200013': { vr: 'IS', Value: [1] },
    });
    expect(lower).not.toHaveProperty('0008103E');
    expect((await search('studies?limit=1&AccessionNumber=*&Manufacturer='))[0]).not.toHaveProperty('00080070');
    const [series] = await search('series?limit=1&includefield=NumberOfStudyRelatedInstances,ModalitiesInStudy');
    expect(series).toMatchObject({ '00080061': { Value: ['MR', 'PR'] }, '00201208': { Value: [4] } });
  });

  it('shows parts of sequences', async () => {
    const [part] = await search('studies?limit=1&includefield=00400275.00400009');
    expect(part!['00400275']!.Value).toEqual([{ '00400009': { vr: 'SH', Value: ['STEP0'] } }, {}]);
    const [deep] = await search('studies?limit=1&includefield=RequestAttributesSequence.00400008.CodeValue');
    expect(deep!['00400275']!.Value).toEqual([
      {},
      { '00400008': { vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: ['C0'] } }] } },
    ]);
    const [whole] = await search('studies?limit=1&includefield=RequestAttributesSequence');
    expect(whole!['00400275']!.Value).toHaveLength(2);
  });

  it('shows all that the index knows with includefield=all', async () => {
    const [instance] = await search('instances?limit=1&includefield=all');
    expect(instance).toMatchObject({
      '00081030': { Value: ['Head, neck'] },
      '00200037': { vr: 'DS', Value: ['1', '0', '0', '0', '1', '0'] },
      '00540081': { vr: 'US', Value: [2] },
    });
    expect((await search('studies?limit=1&includefield=all'))[0]).toMatchObject({ '00080062': { vr: 'UI' } });
  });

  it('orders and cuts pages', async () => {
    expect(await studies('orderby=-StudyDate&StudyDate=20260101-')).toEqual(['1.1', '1.0']);
    expect(await found('series?orderby=Modality')).toEqual(['1.1.0', '1.0.0', '1.0.1', '1.2.0']);
    expect(await studies('limit=1&offset=1')).toEqual(['1.1']);
    expect(await studies('offset=-1')).toEqual([]);
    expect(await studies('limit=0')).toHaveLength(3);
  });

  it('follows what changes', async () => {
    const late = instanceWith({ patient: 'P9', study: '1.9', series: '1.9.0', instance: '1.9.0.0' }, elements(1, 0));
    await reading.log.submit([late]);
    const count = async (): Promise<unknown> => (await search('studies/1.9/series'))[0]!['00201209']!.Value;
    expect(await count()).toEqual([1]);
    const next = instanceWith({ patient: 'P9', study: '1.9', series: '1.9.0', instance: '1.9.0.1' }, elements(1, 1));
    await reading.log.submit([next]);
    expect(await count()).toEqual([2]);
    await reading.execute(
      `UPDATE studies SET main_tags = main_tags || '{"00080050": "NEW"}' WHERE study_instance_uid = '1.9'`,
    );
    expect((await search('studies/1.9/instances'))[0]!['00080050']!.Value).toEqual(['NEW']);
    await reading.execute(`DELETE FROM instances WHERE sop_instance_uid LIKE '1.9.%'`);
    expect(await search('studies/1.9/instances')).toEqual([]);
    await reading.execute(`DELETE FROM series WHERE series_instance_uid LIKE '1.9.%'`);
    await reading.execute(`DELETE FROM studies WHERE study_instance_uid = '1.9'`);
  });

  it('writes DICOM JSON, or parts in XML, as the client accepts', async () => {
    const get = (Accept: string, path = 'studies'): Promise<Response> =>
      fetch(`${reading.app.url}/dicom-web/${path}`, { headers: { Accept } });
    for (const accept of ['application/dicom+json', 'application/json', '*/*', 'text/html']) {
      expect((await get(accept)).headers.get('content-type')).toBe('application/dicom+json');
    }
    const xml = await get('multipart/related; type="application/dicom+xml"');
    const [, boundary] = /^multipart\/related; type="application\/dicom\+xml"; boundary=(\S+)$/.exec(
      xml.headers.get('content-type')!,
    )!;
    const parts = (await xml.text()).split(`--${boundary}`);
    expect(parts).toHaveLength(5);
    expect(parts[1]).toContain('Content-Type: application/dicom+xml');
    expect(parts[1]).toContain('<FamilyName>DÉSIRÉ</FamilyName>');
    expect(parts[1]).toContain('<DicomAttribute tag="00201208" vr="IS" keyword="NumberOfStudyRelatedInstances">');
    const none = await get('application/dicom+xml', 'studies?PatientID=nobody');
    expect(await none.text()).toMatch(/^--\S+--\r\n$/);
  });

  it('refuses what has no meaning', async () => {
    const refused = async (path: string): Promise<unknown> =>
      (await reading.ask<{ OrthancStatus: number }>(`/dicom-web/${path}`)).json.OrthancStatus;
    expect(await refused('studies?limit=abc')).toBe(15);
    expect(await refused('studies?fuzzymatching=maybe')).toBe(8);
    expect(await refused('studies?StudyDate=2026*')).toBe(3);
    expect(await refused('studies/*/series')).toBe(3);
    for (const order of ['Rows', 'Foo', '-Foo', 'StudyDate,Foo', '-']) {
      expect([order, await refused(`studies?orderby=${order}`)]).toEqual([order, 8]);
    }
  });

  it('sends long answers in pieces, in order', async () => {
    const many = Array.from({ length: 230 }, (_, index) =>
      instanceWith({ patient: 'MANY', study: '1.7', series: '1.7.0', instance: `1.7.0.${index}` }, elements(1, 0)),
    );
    await reading.log.submit(many);
    const url = `${reading.app.url}/dicom-web/studies/1.7/instances`;
    const uids = many.map((_, index) => `1.7.0.${index}`);
    for (const time of ['first', 'again']) {
      const answer = await fetch(url);
      const listed = (await answer.json()) as Answer[];
      expect([time, answer.headers.has('content-length')]).toEqual([time, false]);
      expect(listed.map((each) => each['00080018']!.Value![0])).toEqual(uids);
    }
    const xml = await (await fetch(url, { headers: { Accept: 'application/dicom+xml' } })).text();
    expect(xml.split('<NativeDicomModel').length - 1).toBe(uids.length);
  });

  describe('with limits and other settings', () => {
    const ask = (query: string): Promise<Response> => fetch(`${limited.app.url}/web/${query}`);

    it('says where it cuts an answer', async () => {
      const cut = await ask('studies');
      expect(cut.headers.get('warning')).toMatch(/^299 \S+ "The number of results exceeded the maximum/);
      expect(await cut.json()).toHaveLength(2);
      expect(await (await ask('instances?limit=100')).json()).toHaveLength(3);
      const page = await ask('studies?limit=2');
      expect(page.headers.has('warning')).toBe(false);
      expect(await page.json()).toHaveLength(2);
    });

    it('writes the URLs of the configuration', async () => {
      const [answer] = (await (await ask('studies?limit=1')).json()) as Answer[];
      expect(answer!['00081190']!.Value).toEqual(['https://pacs.example/web/studies/1.0']);
    });

    it('tells capital letters from small ones where it is told to', async () => {
      expect((await ask('studies?PatientID=p1')).status).toBe(204);
      expect(await (await ask('studies?PatientID=P1')).json()).toHaveLength(1);
    });

    it("answers with the standard's statuses where it is told to", async () => {
      const none = await ask('studies?PatientID=nobody');
      expect([none.status, await none.text()]).toEqual([204, '']);
      const headers = { Accept: 'image/png' };
      expect((await fetch(`${limited.app.url}/web/studies`, { headers })).status).toBe(406);
    });

    it('refuses more parameters and attributes than allowed', async () => {
      expect((await ask('studies?a=1&b=2&c=3&d=4')).status).toBe(400);
      expect((await ask('studies?includefield=Rows,Columns,BitsStored')).status).toBe(400);
      expect((await ask('studies?includefield=Rows,Columns')).status).toBe(200);
    });
  });
});

/** The attributes in a row of the table of what is shown unasked. */
function documented(level: string): readonly string[] {
  const page = readFileSync(new URL('../../../../../docs/dicomweb-conformance.md', import.meta.url), 'utf8');
  const row = page.split('\n').find((line) => line.startsWith(`| ${level} | \``))!;
  return [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
}
