import { execFileSync, spawnSync } from 'node:child_process';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import sharp from 'sharp';
import { ImageApp, type SampleImage } from './testing/image-app.js';

const PYTHON = process.env.ANNAL_TEST_PYTHON ?? 'python3';
const numpy = spawnSync(PYTHON, ['-c', 'import numpy']).status === 0;
if (!numpy) process.stderr.write('NOT RUN: arrays read by numpy, which the Python of ANNAL_TEST_PYTHON lacks\n');

const words = (...values: number[]): Buffer => Buffer.from(Int16Array.from(values).buffer);
const GREY = { rows: 2, columns: 2, bitsAllocated: 16, signed: true };
const PIXELS = words(-1000, 0, 300, 1000);

const MPEG4 = '1.2.840.10008.1.2.4.102';
/** No offset table, and what stands for a stream of frames in one fragment. */
const [NONE, VIDEO] = [Buffer.alloc(0), Buffer.from('\0\0\0 ftypisom')];

const parallel = (series: string, position: string): Pick<SampleImage, 'series' | 'tags' | 'seriesTags'> => ({
  series,
  tags: { '00200032': `0\\0\\${position}`, '00200037': '1\\0\\0\\0\\1\\0' },
  seriesTags: { '00200037': '1\\0\\0\\0\\1\\0' },
});

const IMAGES: readonly SampleImage[] = [
  { name: '1', image: { ...GREY, pixelBytes: PIXELS } },
  {
    name: '2',
    image: { ...GREY, frames: 3, pixelBytes: Buffer.concat([PIXELS, words(1, 2, 3, 4), words(5, 6, 7, 8)]) },
  },
  { name: '3', image: { rows: 1, columns: 2, samples: 3, pixelBytes: Buffer.from([1, 2, 3, 4, 5, 6]) } },
  { name: '4', image: { ...GREY } },
  { name: '5', image: { ...GREY, pixelBytes: words(1, 0, 0, 0) }, ...parallel('volume', '3') },
  { name: '6', image: { ...GREY, pixelBytes: words(2, 0, 0, 0) }, ...parallel('volume', '1') },
  { name: '7', image: { ...GREY, pixelBytes: PIXELS }, ...parallel('mixed', '1') },
  { name: '8', image: { ...GREY, rows: 1, pixelBytes: PIXELS }, ...parallel('mixed', '2') },
  { name: '9', image: { ...GREY, pixelBytes: PIXELS }, ...parallel('types', '1') },
  { name: '10', image: { ...GREY, signed: false, pixelBytes: PIXELS }, ...parallel('types', '2') },
  { name: '11', image: { ...GREY, pixelBytes: PIXELS }, series: 'unordered' },
  { name: '12', image: { ...GREY, pixelBytes: PIXELS }, series: 'unordered' },
  { name: '13', image: { ...GREY, frames: 101, pixelBytes: PIXELS } },
  { name: '14', image: { ...GREY, frames: 0, pixelBytes: PIXELS } },
  { name: '15', image: { ...GREY, frames: 5, pixelBytes: Buffer.alloc(40) } },
  { name: '16', image: { ...GREY, pixelBytes: PIXELS } },
  {
    name: '17',
    image: { rows: 480, columns: 640, samples: 3, frames: 50, transferSyntax: MPEG4, fragments: [NONE, VIDEO] },
  },
];

describe('images', () => {
  let app: ImageApp;
  beforeAll(async () => {
    app = await ImageApp.start(IMAGES, { MaxQueryResults: 100, MaxPictureSize: 10_000, MaxArraySize: 200 });
  });
  afterAll(() => app.close());

  /** Details of an error that is explained. */
  function explanation(body: Buffer): unknown {
    const { OrthancStatus, Details } = JSON.parse(body.toString()) as Record<string, unknown>;
    return [OrthancStatus, Details];
  }

  it('are shown as PNG, with 16 bits where values need them', async () => {
    for (const path of ['preview', 'frames/0/preview', 'frames/00/preview']) {
      const { status, type, body } = await app.instance('1', path);
      expect([
        status,
        type,
        ...(await sharp(body)
          .metadata()
          .then(({ format, channels }) => [format, channels])),
      ]).toEqual([200, 'image/png', 'png', 1]);
      expect(body[24]).toBe(8);
    }
    const wide = (await app.instance('1', 'image-int16')).body;
    expect(wide[24]).toBe(16);
    const signed = await sharp(wide).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    expect([...new Uint16Array(new Uint8Array(signed).buffer)]).toEqual([64536, 0, 300, 1000]);
  });

  it('are sent in the form that is accepted', async () => {
    const forms: [accept: string, type: string, start: string][] = [
      ['image/jpeg', 'image/jpeg', '\xff\xd8'],
      ['text/html, image/jpeg;q=0.5', 'image/jpeg', '\xff\xd8'],
      ['image/x-portable-arbitrarymap', 'image/x-portable-arbitrarymap', 'P7\nWIDTH 2\nHEIGHT 2\nDEPTH 1'],
      ['image/*', 'image/png', '\x89PNG'],
      ['image/webp,*/*;q=0.8', 'image/png', '\x89PNG'],
    ];
    for (const [accept, expected, start] of forms) {
      const { status, type, body } = await app.instance('1', 'rendered', { Accept: accept });
      expect([status, type, body.toString('latin1').slice(0, start.length)]).toEqual([200, expected, start]);
    }
    const refused = await app.instance('1', 'preview', { Accept: 'image/gif' });
    expect([refused.status, explanation(refused.body)]).toEqual([406, [34, undefined]]);
    const wide = await app.instance('1', 'image-uint16', { Accept: 'image/jpeg' });
    expect(wide.status).toBe(406);
  });

  it('take their quality, window and size from the query', async () => {
    const jpeg = { Accept: 'image/jpeg' };
    const sizes = await Promise.all(
      ['1', '100'].map(async (quality) => (await app.instance('1', `preview?quality=${quality}`, jpeg)).body.length),
    );
    expect(sizes[0]).toBeLessThan(sizes[1]!);
    const window = await app.instance('1', 'rendered?window-center=150&window-width=300', {
      Accept: 'image/x-portable-arbitrarymap',
    });
    expect([...window.body.subarray(-4)]).toEqual([0, 0, 255, 255]);
    const { width, height } = await sharp((await app.instance('1', 'rendered?width=50&smooth=1')).body).metadata();
    expect([width, height]).toEqual([50, 50]);
  });

  it.each(['window-center=x', 'window-width=', 'width=-1', 'height=1.5', 'width=99999999999', 'window-center=1e400'])(
    'are not there with %s',
    async (query) => {
      const { status, body } = await app.instance('1', `rendered?${query}`);
      expect([status, body.length]).toEqual([404, 0]);
    },
  );

  it.each(['quality=0', 'quality=101', 'quality=x', 'smooth=x', 'smooth'])('are none with %s', async (query) => {
    const { status, body } = await app.instance('1', `rendered?${query}`);
    expect([status, body.length]).toEqual([415, 0]);
  });

  it('have a largest size', async () => {
    expect((await app.instance('1', 'rendered?width=100')).status).toBe(200);
    const { status, body } = await app.instance('1', 'rendered?width=101');
    expect([status, explanation(body)]).toEqual([413, [8, 'More than 10000 pixels']]);
  });

  it('are unsupported where there is no pixel data, or a placeholder', async () => {
    for (const path of [
      'preview',
      'rendered',
      'image-uint8',
      'frames/0/image-uint8',
      'frames/0/image-uint16',
      'frames/0/image-int16',
      'frames/0/rendered',
      'frames/9/preview',
    ]) {
      const { status, body, type } = await app.instance('4', path);
      expect([path, status, type, body.length]).toEqual([path, 415, null, 0]);
    }
    expect((await app.instance('3', 'image-uint8')).status).toBe(415);
    const moved = await app.instance('4', 'frames/0/preview?returnUnsupportedImage');
    expect([moved.status, moved.location]).toEqual([307, '../../../../app/images/unsupported.png']);
    const placeholder = await app.get('/app/images/unsupported.png');
    expect([placeholder.status, placeholder.type]).toEqual([200, 'image/png']);
    expect((await sharp(placeholder.body).metadata()).width).toBeGreaterThan(0);
  });

  it('are not there for other instances and frames', async () => {
    for (const path of ['frames/1/preview', 'frames/-1/preview', 'frames/x/preview', 'frames/4294967296/preview']) {
      const { status, body } = await app.instance('1', path);
      expect([path, status, body.length]).toEqual([path, 404, 0]);
    }
    for (const id of ['no-such-instance', '%22%5C']) {
      const answer = await fetch(`${app.url}/instances/${id}/preview`);
      expect([id, answer.status, await answer.text()]).toEqual([id, 404, '']);
    }
  });

  it('are gone at once with their instance, though they were seen before', async () => {
    const paths = ['frames/0/raw', 'preview', 'rendered', 'frames', 'file'];
    const statuses = () => Promise.all(paths.map(async (path) => (await app.instance('16', path)).status));
    expect(await statuses()).toEqual(paths.map(() => 200));
    expect((await fetch(`${app.url}/instances/${app.id('16')}`, { method: 'DELETE' })).status).toBe(200);
    expect(await statuses()).toEqual(paths.map(() => 404));
  });

  it('are told of by HEAD', async () => {
    for (const path of ['file', 'frames/0/raw']) {
      const url = `${app.url}/instances/${app.id('1')}/${path}`;
      const [head, whole] = [await fetch(url, { method: 'HEAD' }), await fetch(url)];
      const size = String((await whole.arrayBuffer()).byteLength);
      for (const { status, headers } of [head, whole])
        expect([status, headers.get('content-length')]).toEqual([200, size]);
    }
  });

  it('list their frames, and what there is of one', async () => {
    expect(JSON.parse((await app.instance('2', 'frames')).body.toString())).toEqual([0, 1, 2]);
    expect(JSON.parse((await app.instance('4', 'frames')).body.toString())).toEqual([0]);
    expect(JSON.parse((await app.instance('2', 'frames/7')).body.toString())).toEqual([
      'image-int16',
      'image-uint16',
      'image-uint8',
      'matlab',
      'numpy',
      'preview',
      'raw',
      'raw.gz',
      'rendered',
    ]);
    expect((await app.instance('13', 'frames')).status).toBe(413);
    expect((await app.instance('no-such-instance', 'frames')).status).toBe(404);
  });

  it('are given as they are stored', async () => {
    const raw = await app.instance('2', 'frames/1/raw');
    expect([raw.status, raw.type, [...raw.body]]).toEqual([200, 'application/octet-stream', [1, 0, 2, 0, 3, 0, 4, 0]]);
    const compressed = await app.instance('2', 'frames/1/raw.gz');
    expect([compressed.type, [...gunzipSync(compressed.body)]]).toEqual(['application/gzip', [1, 0, 2, 0, 3, 0, 4, 0]]);
    const beyond = await app.instance('2', 'frames/3/raw');
    expect([beyond.status, explanation(beyond.body)]).toEqual([400, [3, undefined]]);
    expect((await app.instance('2', 'frames/x/raw')).status).toBe(404);
    expect((await app.instance('4', 'frames/0/raw')).status).toBe(400);
  });

  it('are given as the whole video, labelled as by Orthanc', async () => {
    const { status, type, body } = await app.instance('17', 'frames/0/raw');
    expect([status, type, body]).toEqual([200, 'application/octet-stream', VIDEO]);
  });

  it('are given as text for Matlab', async () => {
    const { status, type, body } = await app.instance('2', 'frames/1/matlab');
    expect([status, type, body.toString()]).toEqual([200, 'text/plain', 'double([ 1 2 ; 3 4 ])']);
    const none = await app.instance('4', 'matlab');
    expect([none.status, explanation(none.body)]).toEqual([400, [15, undefined]]);
  });

  describe('as arrays', () => {
    /** Type and shape of an array, and its numbers. */
    function array(file: Buffer): [type: string, shape: string, numbers: number[]] {
      const length = file.readUInt16LE(8) + 10;
      const [, type, shape] = /'descr': '(.*?)'.*'shape': \((.*?)\)/.exec(file.toString('latin1', 10, length)) ?? [];
      const bytes = new Uint8Array(file.subarray(length)).buffer;
      const views: Record<string, new (buffer: ArrayBuffer) => Iterable<number>> = {
        '<f4': Float32Array,
        '<i2': Int16Array,
      };
      return [type!, shape!, [...new (views[type!] ?? Uint8Array)(bytes)]];
    }

    /** Name and content of the first entry of a ZIP archive. */
    function entryOf(archive: Buffer): [name: string, content: Buffer] {
      const start = 30 + archive.readUInt16LE(26);
      const name = archive.toString('latin1', 30, start);
      const data = start + archive.readUInt16LE(28);
      return [name, inflateRawSync(archive.subarray(data, data + archive.readUInt32LE(18)))];
    }

    it('have the frames of an instance, or one of them', async () => {
      const { status, type, body } = await app.instance('2', 'numpy');
      expect([status, type]).toEqual([200, 'application/octet-stream']);
      expect(array(body)).toEqual(['<f4', '3, 2,2,1', [-1000, 0, 300, 1000, 1, 2, 3, 4, 5, 6, 7, 8]]);
      expect(array((await app.instance('2', 'frames/1/numpy?rescale=0')).body)).toEqual(['<i2', '2,2,1', [1, 2, 3, 4]]);
      expect(array((await app.instance('3', 'numpy')).body)).toEqual(['<u1', '1, 1,2,3', [1, 2, 3, 4, 5, 6]]);
    });

    it('have the frames of a series in the order of its slices', async () => {
      expect(array((await app.series('volume', 'numpy?rescale=false')).body)).toEqual([
        '<i2',
        '2, 2,2,1',
        [2, 0, 0, 0, 1, 0, 0, 0],
      ]);
    });

    it('are compressed where that is wanted', async () => {
      for (const path of ['numpy', 'frames/1/numpy?rescale=0']) {
        const plain = await app.instance('2', path);
        const { status, type, body } = await app.instance('2', `${path}${path.includes('?') ? '&' : '?'}compress`);
        expect([status, type]).toEqual([200, 'application/octet-stream']);
        expect(entryOf(body)).toEqual(['arr_0', plain.body]);
      }
      const series = await app.series('volume', 'numpy');
      expect(entryOf((await app.series('volume', 'numpy?compress=true')).body)).toEqual(['arr_0', series.body]);
      expect((await app.instance('2', 'numpy?compress=x')).status).toBe(400);
    });

    (numpy ? it : it.skip)(`are read by numpy${numpy ? '' : ' (SKIPPED, there is none)'}`, async () => {
      const program = `import io, json, numpy, sys
loaded = numpy.load(io.BytesIO(sys.stdin.buffer.read()))
array = loaded['arr_0'] if 'arr_0' in getattr(loaded, 'files', []) else loaded
print(json.dumps([array.dtype.str, array.shape, array.ravel().tolist()]))`;
      for (const [path, expected] of [
        ['numpy', ['<f4', [3, 2, 2, 1], [-1000, 0, 300, 1000, 1, 2, 3, 4, 5, 6, 7, 8]]],
        ['numpy?compress=1', ['<f4', [3, 2, 2, 1], [-1000, 0, 300, 1000, 1, 2, 3, 4, 5, 6, 7, 8]]],
        ['frames/1/numpy?rescale=0', ['<i2', [2, 2, 1], [1, 2, 3, 4]]],
      ] as const) {
        const { body } = await app.instance('2', path);
        const output = execFileSync(PYTHON, ['-c', program], { input: body, encoding: 'utf8' });
        expect(JSON.parse(output)).toEqual(expected);
      }
    });

    it('are not made of what is not alike, has no order, or is no image', async () => {
      const errors = await Promise.all([
        app.series('mixed', 'numpy'),
        app.series('types', 'numpy'),
        app.series('unordered', 'numpy'),
        app.instance('4', 'numpy'),
        app.instance('14', 'numpy'),
        app.instance('2', 'frames/x/numpy'),
        app.instance('2', 'frames/3/numpy'),
        app.instance('2', 'numpy?rescale=x'),
        app.instance('no-such-instance', 'numpy'),
        app.series('no-such-series', 'numpy'),
      ]);
      const unordered = `Unable to order the slices of series ${app.id('series unordered')}`;
      expect(errors.map(({ status, body }) => [status, explanation(body)])).toEqual([
        [500, [24, 'The size of the frames varies across the instance(s)']],
        [500, [23, 'The pixel format of the frames varies across the instance(s)']],
        [500, [2040, unordered]],
        [400, [15, undefined]],
        [400, [15, 'Empty DICOM instance']],
        [400, [3, 'Expected an unsigned integer for the "frame" argument']],
        [400, [3, undefined]],
        [400, [3, 'Expected a Boolean for GET argument "rescale", found: x']],
        [404, [17, undefined]],
        [404, [17, undefined]],
      ]);
    });

    it('have a largest size', async () => {
      const { status, body } = await app.instance('15', 'numpy');
      expect([status, explanation(body)]).toEqual([413, [8, 'An array of more than 200 bytes']]);
    });
  });

  it('are listed in the order of their slices', async () => {
    const [five, six] = [app.id('5'), app.id('6')];
    expect(JSON.parse((await app.series('volume', 'ordered-slices')).body.toString())).toEqual({
      Dicom: [`/instances/${six}/file`, `/instances/${five}/file`],
      Slices: [`/instances/${six}/frames/0`, `/instances/${five}/frames/0`],
      SlicesShort: [
        [six, 0, 1],
        [five, 0, 1],
      ],
      Type: 'Volume',
    });
    expect((await app.series('unordered', 'ordered-slices')).status).toBe(500);
  });

  it('keep their colours', async () => {
    const colours = (await app.instance('3', 'preview')).body;
    expect([...(await sharp(colours).raw().toBuffer())]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
