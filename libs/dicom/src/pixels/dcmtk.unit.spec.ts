import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasDcmdump } from '../testing/dcmdump-reference.js';
import { buildImage, openImage } from '../testing/image-builder.js';
import { testFrame, type TestFrame } from '../testing/test-frames.js';
import { rgbFrame } from './colour.js';
import { encodeFrame } from './encode-frame.js';

const BASE = '1.2.840.10008.1.2.4';
const RLE = '1.2.840.10008.1.2.5';
const installed = hasDcmdump();
if (!installed) process.stderr.write('NOT RUN: frames against the codecs of DCMTK, which is not installed\n');

/** What makes frames of a transfer syntax out of uncompressed ones, and the other way round. */
const TOOLS: readonly (readonly [syntax: string, encoder: readonly string[], decoder: readonly string[]])[] = [
  [RLE, ['dcmcrle'], ['dcmdrle']],
  [`${BASE}.57`, ['dcmcjpeg', '+el'], ['dcmdjpeg', '+cn']],
  [`${BASE}.70`, ['dcmcjpeg', '+e1'], ['dcmdjpeg', '+cn']],
  [`${BASE}.80`, ['dcmcjpls'], ['dcmdjpls']],
];
const FORMS: readonly TestFrame[] = [
  { bitsAllocated: 8 },
  { bitsAllocated: 16, bitsStored: 12 },
  { bitsAllocated: 16 },
  { bitsAllocated: 16, signed: true },
  { samples: 3 },
];

(installed ? describe : describe.skip)("frames and DCMTK's codecs", () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'annal-dcmtk-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run([tool, ...options]: readonly string[], file: Buffer): Buffer {
    const [from, to] = [join(folder, 'from.dcm'), join(folder, 'to.dcm')];
    writeFileSync(from, file);
    const { status, stderr } = spawnSync(tool!, [...options, from, to], { encoding: 'latin1' });
    if (status !== 0 || !existsSync(to)) throw new Error(`${tool}: ${stderr}`);
    return readFileSync(to);
  }

  function imageOf(form: TestFrame): Parameters<typeof buildImage>[0] {
    const {
      rows,
      columns,
      samplesPerPixel: samples,
      photometric,
      bitsAllocated,
      bitsStored,
      signed,
      data,
    } = testFrame(form);
    return { rows, columns, samples, photometric, bitsAllocated, bitsStored, signed, pixelBytes: data };
  }

  it.each(TOOLS)('are decoded from %s as they went in', async (_syntax, encoder) => {
    for (const form of FORMS) {
      const { data } = await openImage(run(encoder, buildImage(imageOf(form)))).frame(0);
      expect([form, data.equals(testFrame(form).data)]).toEqual([form, true]);
    }
  });

  it.each(TOOLS)('are encoded to %s so that it decodes them', async (transferSyntax, _encoder, decoder) => {
    for (const form of FORMS) {
      const {
        bytes,
        photometric,
        planarConfiguration: planar,
      } = await encodeFrame(testFrame(form), transferSyntax, 90);
      const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
      const file = buildImage({
        ...imageOf(form),
        transferSyntax,
        photometric,
        planar,
        fragments: [Buffer.alloc(0), even],
      });
      const { data } = await openImage(run(decoder, file)).frame(0);
      expect([form, data.equals(testFrame(form).data)]).toEqual([form, true]);
    }
  });

  it.each([
    ['baseline', ['dcmcjpeg', '+eb']],
    ['extended', ['dcmcjpeg', '+ee']],
    ['12-bit extended', ['dcmcjpeg', '+ee', '+bt']],
    ['near-lossless', ['dcmcjpls', '+en']],
  ])('are decoded from %s as it decodes them', async (what, encoder) => {
    const twelve = what.startsWith('12');
    const forms: readonly TestFrame[] = twelve ? [{ bitsAllocated: 16, bitsStored: 12 }] : [{}, { samples: 3 }];
    for (const form of forms) {
      const file = run(encoder, buildImage(imageOf({ ...form, rows: 64, columns: 48 })));
      const mine = rgbFrame(await openImage(file).frame(0));
      const other = await openImage(run([what.startsWith('near') ? 'dcmdjpls' : 'dcmdjpeg'], file)).frame(0);
      expect([form, mine.photometric, mine.data.equals(other.data)]).toEqual([form, other.photometric, true]);
    }
  });
});
