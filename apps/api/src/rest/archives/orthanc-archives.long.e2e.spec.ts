import { DicomDictionary, findElement, headerModel, type HeaderDataSet, itemsOf, tokenize } from '@annal/dicom';
import yauzl from 'yauzl';
import { buildInstance, type InstanceDescription } from '../../../../../libs/dicom/src/testing/index.js';
import { ArchiveServer } from '../../../../../test/support/archive-server.js';
import { type Orthanc, realOrthanc } from '../../../../../test/support/orthanc.js';

const orthanc = await realOrthanc('the comparison of archives');
const dictionary = new DicomDictionary();

/** Numbers of the instances of a series, and what its folders are named after. */
const SERIES: readonly (Omit<InstanceDescription, 'instanceNumber'> & { readonly numbers: readonly string[] })[] = [
  { numbers: ['3', '1', '2'], patientName: 'A^B', modality: 'CT' },
  { numbers: ['1', '1', '1', '', ' 7 ', '-5', '+6', 'abc', '12345678', '999999999', '2147483647'] },
  { numbers: ['10', '9', '100'], studyDescription: 'x/y\\z', seriesDescription: ':;()[]{}!?*~"\'<>|-+,@#$%&' },
  { numbers: ['1', ''], patientName: '  lead   trail ^^^ ', accessionNumber: 'A 1' },
  { numbers: ['2147483648', '1'], patientName: 'Ünï ß æ', characterSet: 'ISO_IR 100', modality: 'mr' },
  { numbers: ['99999999999'], studyDescription: '', seriesDescription: '', modality: '' },
  { numbers: ['4294967296', '1'], modality: 'x', studyDescription: 'y'.repeat(64) },
  { numbers: ['4', '3', '2', '2'], modality: '-', seriesDescription: 'a.b_c-d' },
  { numbers: ['7'], modality: '%d', patientName: '' },
  { numbers: ['0', '1'], modality: 'RTSTRUCT' },
];

const FILES: readonly Buffer[] = SERIES.flatMap(({ numbers, ...series }, index) =>
  numbers.map((number, at) =>
    buildInstance({
      patientId: `P${index}`,
      studyUid: `1.2.${index}.1`,
      seriesUid: `1.2.${index}.1.1`,
      ...series,
      sopUid: `1.2.${index}.1.1.${at + 1}`,
      extra: [[0x00200013, 'IS', number]],
    }),
  ),
);
/** One patient with studies and series of the same names. */
const SAME: readonly Buffer[] = ['1.1', '1.2', '1.3', '2.4', '3.5'].map((uid) =>
  buildInstance({ patientId: 'SAME', studyUid: `1.9.${uid[0]!}`, seriesUid: `1.9.${uid}`, sopUid: `1.9.${uid}.1` }),
);

type Archive = ReadonlyMap<string, Buffer>;

async function archiveOf(answer: Response): Promise<Archive> {
  expect(answer.status).toBe(200);
  const files = new Map<string, Buffer>();
  const zip = await yauzl.fromBufferPromise(Buffer.from(await answer.arrayBuffer()), {
    validateEntrySizes: true,
    decodeStrings: false,
  });
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) chunks.push(chunk);
    files.set(String(entry.fileName), Buffer.concat(chunks));
  }
  return files;
}

/** The records of a DICOMDIR without their offsets. */
function recordsOf(file: Buffer): readonly HeaderDataSet[] {
  const tokens = tokenize(file, { complete: true, totalLength: file.length, lookup: dictionary });
  const { dataset } = headerModel(tokens, { dictionary, defaultEncoding: 'Latin1' });
  const records = itemsOf(findElement(dataset, 0x00041220)!)!;
  return records.map((record) => record.filter(([tag]) => tag !== 0x00041400 && tag !== 0x00041420));
}

(orthanc ? describe : describe.skip)('archives, beside those of the real Orthanc', () => {
  const real = orthanc as Orthanc;
  let annal: ArchiveServer;
  let ids: readonly string[];

  beforeAll(async () => {
    annal = await ArchiveServer.start();
    const stored: string[] = [];
    for (const file of [...FILES, ...SAME]) {
      const answer = await fetch(`${annal.url}/instances`, { method: 'POST', body: new Uint8Array(file) });
      stored.push(((await answer.json()) as { ParentPatient: string }).ParentPatient);
      expect(await real.store(file)).toBeDefined();
    }
    ids = [...new Set(stored)];
  });
  afterAll(async () => {
    await annal.close();
    await real.stop();
  });

  const both = async (path: string, body?: object): Promise<readonly [mine: Archive, theirs: Archive]> => {
    const options = body && { method: 'POST', body: JSON.stringify(body) };
    const answers = await Promise.all([annal.url, real.url].map((url) => fetch(url + path, options)));
    const [mine, theirs] = answers;
    for (const name of ['content-type', 'content-disposition']) {
      expect(mine!.headers.get(name)).toBe(theirs!.headers.get(name));
    }
    return [await archiveOf(mine!), await archiveOf(theirs!)];
  };

  it('have the same files under the same names in the same order', async () => {
    for (const id of ids) {
      const [mine, theirs] = await both(`/patients/${id}/archive`);
      expect([...mine.keys()]).toEqual([...theirs.keys()]);
      for (const [name, bytes] of theirs) expect(mine.get(name)!.equals(bytes)).toBe(true);
    }
    const [mine, theirs] = await both('/tools/create-archive', { Resources: ids });
    expect([...mine.keys()]).toEqual([...theirs.keys()]);
  });

  it.each(['create-media', 'create-media-extended'])('are the same media: %s', async (tool) => {
    for (const id of ids) {
      const [mine, theirs] = await both(`/tools/${tool}`, { Resources: [id] });
      expect([...mine.keys()]).toEqual([...theirs.keys()]);
      const [records, expected] = [mine, theirs].map((archive) => recordsOf(archive.get('DICOMDIR')!));
      expect(records!.length).toBe(expected!.length);
      for (const [index, record] of records!.entries()) {
        // Orthanc leaves out what is not ASCII
        const plain = record.filter(([, , value]) => typeof value !== 'string' || /^[\0-\x7f]*$/.test(value));
        const tags = new Set(plain.map(([tag]) => tag));
        const rest = ([tag]: HeaderDataSet[number]): boolean => tags.has(tag);
        expect(plain).toEqual(expected![index]!.filter(rest));
      }
    }
  });
});
