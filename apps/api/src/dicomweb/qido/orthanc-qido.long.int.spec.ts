import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type BuilderEntry, buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { type Orthanc, realOrthanc } from '../../../../../test/support/orthanc.js';
import { startWritingApp, type WritingApp } from '../../rest/testing/writing-app.js';

const ROOT = `1.2.826.0.1.3680043.10.996.${randomInt(2 ** 40)}`;
const CT = '1.2.840.10008.5.1.4.1.1.2';
const MR = '1.2.840.10008.5.1.4.1.1.4';

const STUDIES = [
  { patientName: 'Doe^Jane', studyDate: '20240102', studyTime: '101112', accessionNumber: 'ACC-1', patientSex: 'F' },
  { patientName: 'DOE^John', studyDate: '20231231', studyTime: '235959.5', studyDescription: 'HEAD' },
  { patientName: '', studyDate: '', studyTime: '', studyDescription: '', patientBirthDate: '', patientSex: '' },
  { patientName: 'Müller^Änne=x=y', characterSet: 'ISO_IR 100', studyDate: '20240102', studyId: 'S4' },
];
const EXTRA: readonly BuilderEntry[] = [
  [0x00080008, 'CS', ['ORIGINAL', 'PRIMARY']],
  [0x00080090, 'PN', 'Ref^Doc'],
  [0x00080201, 'SH', '+0100'],
  [0x00080070, 'LO', 'ACME'],
  [0x00101010, 'AS', '040Y'],
  [0x00104000, 'LT', 'a comment'],
  [0x00181310, 'US', [0, 256, 256, 0]],
  [0x00200032, 'DS', ['1', '2.5', '-3']],
  [0x00281050, 'DS', '40'],
  [0x00400244, 'DA', '20240102'],
  [
    0x00400275,
    'SQ',
    [
      [
        [0x00400009, 'SH', 'STEP'],
        [0x00401001, 'SH', 'RP'],
      ],
    ],
  ],
];

function file(study: number, series: number, instance: number): Buffer {
  const described = STUDIES[study]!;
  const isImage = study !== 2;
  return buildInstance({
    ...described,
    ...('characterSet' in described && { patientName: undefined }),
    patientId: `Q${study}`,
    studyUid: `${ROOT}.${study}`,
    seriesUid: `${ROOT}.${study}.${series}`,
    sopUid: `${ROOT}.${study}.${series}.${instance}`,
    sopClassUid: study === 1 ? MR : CT,
    modality: study === 1 ? 'MR' : 'CT',
    seriesDescription: `Series ${series}`,
    seriesNumber: series + 1,
    instanceNumber: instance + 1,
    pixelBytes: isImage ? 512 * (series + 1) : undefined,
    extra: [
      ...(study % 2 === 0 ? EXTRA : []),
      ...('characterSet' in described
        ? [[0x00100010, 'PN', Buffer.from(described.patientName, 'latin1')] as const]
        : []),
    ],
  });
}

const STUDY_KEYS = [
  ...['Doe^Jane', 'doe*', 'D?E^J*', '*a*', '', '*', 'nobody'].map((name) => `PatientName=${name}`),
  ...['Q1', 'q1', 'Q1,Q3', 'Q?'].map((id) => `00100020=${id}`),
  ...['20240102', '20240101-', '-20240101', '20231231-20240102', '-'].map((date) => `0008,0020=${date}`),
  ...['101112', '100000-110000', '-235959', '235959.5'].map((time) => `StudyTime=${time}`),
  ...['ACC-1', 'acc*', '?*'].map((number) => `AccessionNumber=${number}`),
  ...['HEAD', 'head', 'STUDY,HEAD', ''].map((text) => `StudyDescription=${text}`),
  ...['F', 'O,F', ''].map((sex) => `PatientSex=${sex}`),
  ...['CT', 'ct', 'MR,CT', 'XX', ''].map((modality) => `ModalitiesInStudy=${modality}`),
  ...['1', '2', '9'].map((count) => `NumberOfStudyRelatedSeries=${count}`),
  `NumberOfStudyRelatedInstances=3&PatientName=*`,
  `StudyInstanceUID=${ROOT}.1,${ROOT}.3`,
  `0020000d=${ROOT}.0`,
  `0020000D=${ROOT}`,
  'SOPClassesInStudy=1.2.840.10008.5.1.4.1.1.4',
  'ReferringPhysicianName=ref*',
  'PatientAge=040Y',
  'Rows=2',
  'Foo=1&patientname=x',
];
const LOWER_KEYS = [
  ...['CT', 'MR,CT', 'c*'].map((modality) => `Modality=${modality}`),
  'SeriesNumber=1,3',
  'SeriesDescription=*2',
  `SeriesInstanceUID=${ROOT}.1.0`,
  `StudyInstanceUID=${ROOT}.0`,
  'NumberOfSeriesRelatedInstances=2',
  'ImageType=ORIGINAL,PRIMARY',
  'BitsAllocated=16',
  'TimezoneOffsetFromUTC=',
];
const FIELDS = [
  'StudyDescription,SeriesDescription,foo',
  'Manufacturer,00101010,PatientComments',
  'RequestAttributesSequence',
  'ImageType,PatientAge,AcquisitionMatrix',
  'SOPClassUID',
];
const BASES = [
  ...['studies', 'series', 'instances', 'studies/', `studies/${ROOT}.0/series`, `studies/${ROOT}.3/instances`],
  `studies/${ROOT}.1/series/${ROOT}.1.1/instances`,
  `studies/${ROOT}.1/series/${ROOT}.0.1/instances`,
];
const ASKED = BASES.flatMap((base) => {
  const isOfStudies = /^studies\/?$/.test(base);
  // what is computed of studies is shown with their series where that is asked for
  const keys = isOfStudies
    ? STUDY_KEYS
    : [...STUDY_KEYS.filter((key) => !/^SOPClassesInStudy|InStudy=$/.test(key)), ...LOWER_KEYS];
  const fields = FIELDS.map((field) => `includefield=${field}`);
  return ['', ...keys, ...fields, ...keys.map((key, index) => `${key}&${fields[index % fields.length]}`)].map(
    (query) => `${base}${query === '' ? '' : `?${query}`}`,
  );
});
const WRONG = [
  'limit=x',
  'offset=1.5',
  'fuzzymatching=1',
  'StudyDate=2024*',
  'StudyInstanceUID=1*',
  'limit=4294967296',
];

describe('QIDO-RS, as Orthanc answers', () => {
  let orthanc: Orthanc | undefined;
  let writing: WritingApp;
  beforeAll(async () => {
    orthanc = await realOrthanc('the comparison of QIDO-RS with Orthanc');
    if (orthanc && !(await fetch(`${orthanc.url}/dicom-web/info`)).ok) {
      process.stderr.write('NOT RUN: the comparison of QIDO-RS needs an Orthanc with its DICOMweb plugin\n');
      await orthanc.stop();
      orthanc = undefined;
    }
    if (!orthanc) return;
    writing = await startWritingApp();
    for (const [study] of STUDIES.entries()) {
      for (const [series, instance] of [
        [0, 0],
        [0, 1],
        [1, 0],
      ] as const) {
        const bytes = file(study, series, instance);
        await orthanc.store(bytes);
        await writing.send('POST', '/instances', bytes);
      }
    }
  });
  afterAll(async () => {
    await writing?.close();
    if (!orthanc) return;
    const body = JSON.stringify({
      Level: 'Study',
      Query: { StudyInstanceUID: STUDIES.map((_, i) => `${ROOT}.${i}`).join('\\') },
    });
    const found = (await (await fetch(`${orthanc.url}/tools/find`, { method: 'POST', body })).json()) as string[];
    for (const id of found) await fetch(`${orthanc.url}/studies/${id}`, { method: 'DELETE' });
    await orthanc.stop();
  });

  it(`finds and shows the same in ${ASKED.length} searches`, async () => {
    if (!orthanc) return;
    let found = 0;
    const different: string[] = [];
    for (const path of ASKED) {
      const [theirs, ours] = await Promise.all([search(orthanc.url, path), search(writing.app.url, path)]);
      if (!isDeepStrictEqual(ours, theirs)) different.push(path);
      if (theirs.length > 0) found++;
    }
    expect(different).toEqual([]);
    expect(found).toBeGreaterThan(ASKED.length / 3);
  });

  it('refuses the same', async () => {
    if (!orthanc) return;
    for (const query of WRONG) {
      const [theirs, ours] = await Promise.all(
        [orthanc.url, writing.app.url].map(async (url) => {
          const answer = await fetch(`${url}/dicom-web/studies?${query}`);
          return [answer.status, ((await answer.json()) as { OrthancStatus: number }).OrthancStatus];
        }),
      );
      expect([query, ours]).toEqual([query, theirs]);
    }
  });
});

type Answer = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;

/** What is found of the test's own studies, in the order of their URLs. */
async function search(server: string, path: string): Promise<readonly Answer[]> {
  const answer = await fetch(`${server}/dicom-web/${path}`);
  expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, 'application/dicom+json']);
  const answers = JSON.parse((await answer.text()).replaceAll(server, 'SERVER')) as Answer[];
  const urlOf = (each: Answer): string => String(each['00081190']!.Value![0]);
  return answers.filter((each) => urlOf(each).includes(ROOT)).sort((a, b) => (urlOf(a) < urlOf(b) ? -1 : 1));
}
