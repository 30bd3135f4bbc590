import { DicomDictionary, findElement, headerModel, type HeaderModel, itemsOf, tokenize } from '@annal/dicom';
import { jest } from '@jest/globals';
import yauzl from 'yauzl';
import { OrthancError } from '../../http/errors/http-errors.js';
import { FrameTranscoder } from '../../pixels/frame-threads.js';
import { ImageApp } from '../images/testing/image-app.js';

const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const RLE = '1.2.840.10008.1.2.5';
const dictionary = new DicomDictionary();

const opened = (file: Buffer): HeaderModel =>
  headerModel(tokenize(file, { complete: true, totalLength: file.length, lookup: dictionary }), {
    dictionary,
    defaultEncoding: 'Latin1',
  });
const uid = (model: HeaderModel): unknown => findElement(model.dataset, 0x00080018)?.[2];

async function filesOf(app: ImageApp, path: string): Promise<ReadonlyMap<string, HeaderModel>> {
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
}

/** SOPInstanceUID and transfer syntax of each instance, as a DICOMDIR tells them. */
function listedIn(directory: HeaderModel): readonly unknown[] {
  return itemsOf(findElement(directory.dataset, 0x00041220)!)!
    .filter((record) => findElement(record, 0x00041500))
    .map((record) => [0x00041511, 0x00041512].map((tag) => findElement(record, tag)![2]));
}

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

  it('have their files in it', async () => {
    const found = [...(await filesOf(app, `archive?transcode=${IMPLICIT}`)).values()];
    expect(found.map(({ syntax }) => syntax)).toEqual([IMPLICIT, IMPLICIT]);
    expect(found.map(uid).sort()).toEqual(['1.3.1', '1.3.2']);
  });

  it('tell so in a DICOMDIR', async () => {
    const found = await filesOf(app, `media?transcode=${IMPLICIT}`);
    const listed = ['IMAGES/IM0', 'IMAGES/IM1'].map((name) => [uid(found.get(name)!), IMPLICIT]);
    expect(listedIn(found.get('DICOMDIR')!)).toEqual(listed);
  });

  it('end where nobody can tell whether a file could be had', async () => {
    const broken = jest.spyOn(FrameTranscoder.prototype, 'transcode');
    broken.mockRejectedValue(new OrthancError('InternalError', 'A frame could not be decoded or encoded'));
    for (const kind of ['archive', 'media'])
      expect((await app.series('1', `${kind}?transcode=${RLE}`)).status).toBe(500);
    broken.mockRestore();
  });
});

describe('archives in another transfer syntax, of images beyond a limit', () => {
  let app: ImageApp;
  const image = (name: string, side: number, frames: number) => {
    const pixelBytes = Buffer.alloc(side * side * frames, 'pixel');
    return { name, series: '1', image: { sopUid: `1.3.${name}`, rows: side, columns: side, frames, pixelBytes } };
  };
  beforeAll(async () => {
    const images = [image('1', 16, 1), image('2', 32, 1), image('3', 16, 5), image('4', 16, 4)];
    app = await ImageApp.start(images, { MaxFrameSize: 512, MaxTranscodedSize: 1024 });
  });
  afterAll(() => app.close());

  const expected = [
    ['1.3.1', RLE],
    ['1.3.2', EXPLICIT],
    ['1.3.3', EXPLICIT],
    ['1.3.4', RLE],
  ];

  it('have these as they are stored', async () => {
    const found = [...(await filesOf(app, `archive?transcode=${RLE}`)).values()];
    expect(found.map((model) => [uid(model), model.syntax]).sort()).toEqual(expected);
  });

  it('tell so in a DICOMDIR', async () => {
    const found = await filesOf(app, `media?transcode=${RLE}`);
    expect([...listedIn(found.get('DICOMDIR')!)].sort()).toEqual(expected);
    const files = [...found].filter(([name]) => name !== 'DICOMDIR').map(([, model]) => [uid(model), model.syntax]);
    expect(files.sort()).toEqual(expected);
  });
});
