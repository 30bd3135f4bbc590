import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrame } from '@annal/dicom';
import { buildImage, openImage, type TestImage } from '../../../../libs/dicom/src/testing/index.js';
import { pythonWithPackages } from '../../../../test/setup/python/interpreter.js';
import { runProgram } from '../../../../test/setup/run-program.js';
import { ArchiveServer } from '../../../../test/support/archive-server.js';

const SCRIPT = join(import.meta.dirname, 'testing/dicomweb-client.py');
const ROOT = '1.2.826.0.1.3680043.10.996';
const SYNTAX = '1.2.840.10008.1.2';

const samples = (count: number, largest: number): Buffer => {
  const bytes = Buffer.alloc(2 * count);
  for (let index = 0; index < count; index++) bytes.writeUInt16LE((index * 31 + (index >> 5)) & largest, 2 * index);
  return bytes;
};
const CT = { rows: 64, columns: 96, bitsAllocated: 16, bitsStored: 12, pixelBytes: samples(64 * 96, 0xfff) };

/** Images of what clients meet, two of them in one series. */
async function images(): Promise<readonly TestImage[]> {
  const bytes = Buffer.from(Array.from({ length: 3 * 40 * 50 }, (_, index) => (index * 7) & 0xff));
  const { frame } = openImage(buildImage(CT));
  const encoded = await encodeFrame(await frame(0), `${SYNTAX}.4.80`, 100);
  const fragment = Buffer.concat([encoded.bytes, Buffer.alloc(encoded.bytes.length % 2)]);
  return [
    { ...CT, seriesUid: `${ROOT}.1.1`, instanceNumber: 1 },
    { ...CT, seriesUid: `${ROOT}.1.1`, instanceNumber: 2, transferSyntax: SYNTAX },
    { ...CT, seriesUid: `${ROOT}.1.2`, transferSyntax: `${SYNTAX}.4.80`, fragments: [Buffer.alloc(0), fragment] },
    { rows: 40, columns: 50, samples: 3, pixelBytes: bytes, seriesUid: `${ROOT}.1.3` },
    { ...CT, frames: 3, pixelBytes: samples(3 * 64 * 96, 0xfff), seriesUid: `${ROOT}.1.4` },
    { ...CT, transferSyntax: `${SYNTAX}.2`, pixelBytes: Buffer.from(CT.pixelBytes).swap16(), seriesUid: `${ROOT}.1.5` },
  ];
}

const python = await pythonWithPackages('dicomweb').catch((error: Error) => {
  const message = `The tests with dicomweb-client DID NOT RUN: ${error.message}`;
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`\n${message}\n\n`);
});

(python === undefined ? describe.skip : describe)('dicomweb-client', () => {
  let annal: ArchiveServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annal-dicomweb-'));
    annal = await ArchiveServer.start();
    for (const [index, image] of (await images()).entries()) {
      const file = buildImage({
        ...image,
        patientId: 'DICOMWEB',
        studyUid: `${ROOT}.1`,
        sopUid: `${ROOT}.1.9.${index}`,
        sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
      });
      await writeFile(join(folder, `${index}.dcm`), file);
    }
  });
  afterAll(async () => {
    await annal?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('stores, finds and gets everything as pydicom reads it', async () => {
    const output = await runProgram(python!, [SCRIPT, `${annal.url}/dicom-web`, folder], 'dicomweb-client');
    const found = JSON.parse(output) as Record<string, unknown>;
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, true])));
    expect(Object.keys(found).length).toBe(11);
  });
});
