import { DicomDictionary, findElement, headerModel, type HeaderModel, itemsOf, tokenize } from '@annal/dicom';
import yauzl from 'yauzl';
import { ImageApp } from '../images/testing/image-app.js';

const IMPLICIT = '1.2.840.10008.1.2';
const dictionary = new DicomDictionary();

const opened = (file: Buffer): HeaderModel =>
  headerModel(tokenize(file, { complete: true, totalLength: file.length, lookup: dictionary }), {
    dictionary,
    defaultEncoding: 'Latin1',
  });
const uid = (model: HeaderModel): unknown => findElement(model.dataset, 0x00080018)?.[2];

describe('archives in another transfer syntax', () => {
  let app: ImageApp;
  beforeAll(async () => {
    app = await ImageApp.start([
      {
        name: '1',
        series: '1',
        image: { sopUid: '1.3.1', rows: 16, columns: 16, pixelBytes: Buffer.alloc(256, 'pixel') },
      },
      {
        name: '2',
        series: '1',
        image: { sopUid: '1.3.2', rows: 4, columns: 4, bitsAllocated: 32, pixelBytes: Buffer.alloc(64, 'deep') },
      },
    ]);
  });
  afterAll(() => app.close());

  const files = async (path: string): Promise<ReadonlyMap<string, HeaderModel>> => {
    const { status, body } = await app.series('1', path);
    expect(status).toBe(200);
    const found = new Map<string, HeaderModel>();
    const zip = await yauzl.fromBufferPromise(body);
    for await (const entry of zip.eachEntry()) {
      const chunks: Buffer[] = [];
      for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) chunks.push(chunk);
      found.set(entry.fileName, opened(Buffer.concat(chunks)));
    }
    return found;
  };

  it('have their files in it', async () => {
    const found = [...(await files(`archive?transcode=${IMPLICIT}`)).values()];
    expect(found.map(({ syntax }) => syntax)).toEqual([IMPLICIT, IMPLICIT]);
    expect(found.map(uid).sort()).toEqual(['1.3.1', '1.3.2']);
  });

  it('tell so in a DICOMDIR', async () => {
    const found = await files(`media?transcode=${IMPLICIT}`);
    const directory = itemsOf(findElement(found.get('DICOMDIR')!.dataset, 0x00041220)!)!;
    const listed = directory
      .filter((record) => findElement(record, 0x00041500))
      .map((record) => [0x00041511, 0x00041512].map((tag) => findElement(record, tag)![2]));
    expect(listed).toEqual(['IMAGES/IM0', 'IMAGES/IM1'].map((name) => [uid(found.get(name)!), IMPLICIT]));
  });
});
