import { buildInstance } from '../../../../../libs/dicom/src/testing/instance-builder.js';
import { type Answer, startWritingApp, type WritingApp } from '../testing/writing-app.js';

/** Two instances of one series that do not agree on the patient's name. */
const instance = (number: number, patientName: string): Buffer =>
  buildInstance({
    patientId: 'P',
    patientName,
    studyUid: '1.2.3',
    seriesUid: '1.2.3.4',
    sopUid: `1.2.3.4.${number}`,
    instanceNumber: number,
  });

describe('reconstruction', () => {
  let writing: WritingApp;
  let ids: Record<'ID' | 'ParentSeries' | 'ParentStudy' | 'ParentPatient', string>;
  let second: string;
  beforeAll(async () => {
    writing = await startWritingApp({ StorageCompression: true });
    ids = (await writing.send('POST', '/instances', instance(1, 'FIRST'))).json as typeof ids;
    second = ((await writing.send('POST', '/instances', instance(2, 'SECOND'))).json as typeof ids).ID;
  });
  afterAll(() => writing.close());

  const post = (path: string, body: unknown = {}): Promise<Answer> =>
    writing.send('POST', path, typeof body === 'string' ? body : JSON.stringify(body));
  const paths = (): readonly string[] => [
    `/patients/${ids.ParentPatient}`,
    `/studies/${ids.ParentStudy}`,
    `/series/${ids.ParentSeries}`,
    `/instances/${ids.ID}`,
    `/instances/${second}`,
  ];
  const shown = async (): Promise<readonly unknown[]> =>
    Promise.all(
      paths().flatMap((path) => [
        writing.send('GET', path).then(({ json }) => json),
        writing.send('GET', `${path}/metadata?expand`).then(({ json }) => json),
      ]),
    );
  const nameOf = async (path: string): Promise<unknown> =>
    ((await writing.send('GET', path)).json as { PatientMainDicomTags: { PatientName: string } }).PatientMainDicomTags
      .PatientName;
  /** Takes away what is known of all resources but their identifiers. */
  const forget = (): Promise<unknown> =>
    writing.execute(`UPDATE series SET main_tags = '{}', metadata = metadata - 'MainDicomTagsSignature';
      UPDATE instances SET main_tags = '{}', index_in_series = NULL,
        metadata = metadata - '{MainDicomTagsSignature,TransferSyntax,PixelDataOffset}'::text[];
      UPDATE headers SET header = NULL`);

  it.each([
    ['/tools/reconstruct', ''],
    ['/tools/reconstruct', '{}'],
    ['/tools/reconstruct', '{"ReconstructFiles": false}'],
    ['/tools/reconstruct', 'no JSON'],
    ['SERIES/reconstruct', '{"LimitToThisLevelMainDicomTags": false}'],
    ['PATIENT/reconstruct', ''],
  ])('by %s with the body %j reads everything once more', async (path, body) => {
    await post(paths()[0]! + '/reconstruct');
    const before = await shown();
    const changes = (await writing.send('GET', '/changes?last')).json;
    await forget();
    expect(await shown()).not.toEqual(before);
    const place = path.replace('SERIES', paths()[2]!).replace('PATIENT', paths()[0]!);
    const answer = await post(place, body);
    expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([200, '', 'text/plain']);
    expect(await shown()).toEqual(before);
    expect((await writing.send('GET', `/instances/${second}/tags?simplify`)).json).toMatchObject({
      PatientName: 'SECOND',
    });
    expect((await writing.send('GET', '/changes?last')).json).toEqual(changes);
  });

  it('of one instance makes it the one whose word counts', async () => {
    for (const [id, name] of [
      [ids.ID, 'FIRST'],
      [second, 'SECOND'],
    ] as const) {
      expect((await post(`/instances/${id}/reconstruct`)).status).toBe(200);
      expect(await nameOf(paths()[1]!)).toBe(name);
      const found = await post('/tools/find', { Level: 'Study', Query: { PatientName: name } });
      expect(found.json).toEqual([ids.ParentStudy]);
    }
  });

  it('can be limited to one level, for which one instance speaks', async () => {
    await post(`/instances/${second}/reconstruct`);
    await forget();
    expect((await post(`${paths()[2]!}/reconstruct`, { LimitToThisLevelMainDicomTags: true })).status).toBe(200);
    const [, , , , series, , first] = (await shown()) as { MainDicomTags: object }[];
    expect(series!.MainDicomTags).toMatchObject({ SeriesInstanceUID: '1.2.3.4' });
    expect(first!.MainDicomTags).toEqual({});
    expect(await nameOf(paths()[1]!)).toBe('SECOND');
    await post(`${paths()[1]!}/reconstruct`, { LimitToThisLevelMainDicomTags: true });
    expect(await nameOf(paths()[1]!)).toBe('FIRST');
    await post('/tools/reconstruct');
  });

  it('stores files anew as the configuration says, when that is wanted', async () => {
    const compressed = async (): Promise<readonly string[]> =>
      Promise.all(
        [ids.ID, second].map(
          async (id) => (await writing.send('GET', `/instances/${id}/attachments/dicom/is-compressed`)).text,
        ),
      );
    for (const id of [ids.ID, second]) await post(`/instances/${id}/attachments/dicom/uncompress`);
    await post(`${paths()[2]!}/reconstruct`);
    expect(await compressed()).toEqual(['0', '0']);
    expect((await post(`${paths()[2]!}/reconstruct`, { ReconstructFiles: true })).status).toBe(200);
    expect(await compressed()).toEqual(['1', '1']);
    expect((await writing.send('GET', `/instances/${second}/file`)).bytes.equals(instance(2, 'SECOND'))).toBe(true);
  });

  it('keeps what users added', async () => {
    await writing.send('PUT', `${paths()[2]!}/labels/kept`, '');
    await writing.send('PUT', `${paths()[2]!}/metadata/1024`, 'kept');
    await post('/tools/reconstruct');
    expect((await writing.send('GET', paths()[2]!)).json).toMatchObject({ Labels: ['kept'] });
    expect((await writing.send('GET', `${paths()[2]!}/metadata/1024`)).text).toBe('kept');
  });

  it.each<[string, string, readonly unknown[]]>([
    ['/series/nope/reconstruct', '', [404, 17]],
    ['/instances/nope/reconstruct', '{"LimitToThisLevelMainDicomTags": true}', [404, 17]],
    ['/tools/reconstruct', '{"ReconstructFiles": 1}', [400, 15]],
    ['/series/nope/reconstruct', '{"LimitToThisLevelMainDicomTags": "x"}', [400, 15]],
    ['/tools/reconstruct', '[]', [400, 15]],
  ])('refuses %s with the body %j', async (path, body, refused) => {
    const { status, json } = await post(path, body);
    expect([status, (json as { OrthancStatus: number }).OrthancStatus]).toEqual(refused);
  });

  it('answers a request to forget summaries of tags, of which there are none', async () => {
    const answer = await post('/tools/invalidate-tags', '');
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect((await writing.send('GET', '/tools/invalidate-tags')).status).toBe(405);
  });

  it('of all says how many files cannot be read, and leaves no other out', async () => {
    const { Uuid } = (await writing.send('GET', `/instances/${ids.ID}/attachments/dicom/info`)).json as {
      Uuid: string;
    };
    await writing.blobs.remove(Uuid);
    await forget();
    const { status, json } = await post('/tools/reconstruct');
    expect([status, json]).toMatchObject([
      500,
      { OrthancStatus: 20, Details: expect.stringMatching(/^1 files/) as string },
    ]);
    expect((await writing.send('GET', `/instances/${second}`)).json).toMatchObject({
      MainDicomTags: { SOPInstanceUID: '1.2.3.4.2' },
    });
  });
});
