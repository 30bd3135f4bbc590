import { randomInt } from 'node:crypto';
import { type BuilderEntry, buildInstance, TransferSyntax } from '../../../../../libs/dicom/src/testing/index.js';
import { ArchiveServer } from '../../../../../test/support/archive-server.js';
import { type Orthanc, realOrthanc } from '../../../../../test/support/orthanc.js';

const ROOT = `1.2.826.0.1.3680043.10.997.${randomInt(2 ** 40)}`;
const JPEG = '1.2.840.10008.1.2.4.50';

const coded = (value: string): BuilderEntry => [0x00080100, 'SH', value];
const ELEMENTS: readonly BuilderEntry[] = [
  [0x00080005, 'CS', 'ISO_IR 192'],
  [0x00081030, 'LO', Buffer.from('Étude')],
  [0x00081032, 'SQ', []],
  [0x00081090, 'LO', Buffer.from('a\\b  \\c   ')],
  [0x00081140, 'SQ', [[coded('A')], [], [coded('C'), [0x0040a170, 'SQ', [[coded('deep')]]]]]],
  [0x00090010, 'LO', 'ACME'],
  [0x00091001, 'UN', Buffer.from([1, 2, 3, 4])],
  [0x00100020, 'LO', ROOT],
  [0x00101030, 'DS', Buffer.from(' 1.5  ')],
  [0x00104000, 'LT', ''],
  [0x00189004, 'CS', Buffer.from('abcd')],
  [0x00280009, 'AT', [0x00181063, 0x00181065]],
  [0x00281201, 'OW', Buffer.alloc(70_000, 'ab')],
  [0x0040a160, 'UT', Buffer.from(`${'text '.repeat(20_000)}    `)],
  [0x00420011, 'OB', Buffer.from('%PDF x')],
  [0x00720074, 'FD', [1.5]],
];
const PATHS = ['nope', '0099-0099', '0008-1140/9', '0008-1140/-1', '0008-1140/x', '0010-0020/0', '7fe0-0010/9', '1'];
const TAGS = ['tags', 'tags?short&whole', 'simplified-tags', 'tags?ignore-length=0040-a160&simplify', 'header?short'];

describe('raw content beside Orthanc', () => {
  let annal: ArchiveServer | undefined;
  let orthanc: Orthanc | undefined;
  let count = 0;
  beforeAll(async () => {
    orthanc = await realOrthanc('the comparison of raw content');
    if (orthanc) annal = await ArchiveServer.start();
  });
  afterAll(async () => {
    await annal?.close();
    await orthanc?.stop();
  });

  const files = Object.entries(TransferSyntax)
    .filter(([name]) => name.endsWith('Endian'))
    .map(([name, transferSyntax]) => [name, { transferSyntax, pixelBytes: 512 }] as const);

  it.each([
    ...files,
    ['encapsulated', { transferSyntax: JPEG, fragments: [Buffer.alloc(0), Buffer.alloc(9000, 1), Buffer.alloc(6)] }],
    ['without pixel data', {}],
  ] as const)('is the same: %s', async (_name, description) => {
    if (!orthanc) return;
    const uids = { studyUid: ROOT, seriesUid: `${ROOT}.1`, sopUid: `${ROOT}.1.${++count}` };
    const trailing: BuilderEntry[] = [[0xfffcfffc, 'OB', Buffer.alloc(4)]];
    const file = buildInstance({ ...uids, ...description, extra: ELEMENTS, trailing });
    const [url, other] = [annal!.url, orthanc.url];
    const ID = await orthanc.store(file);
    expect((await annal!.upload(file)).body.ID).toBe(ID);
    try {
      const instance = `/instances/${ID}`;
      for (const path of TAGS)
        expect(await answerOf(url, `${instance}/${path}`)).toEqual(await answerOf(other, `${instance}/${path}`));
      const paths = [`${instance}/content`, `${instance}/pdf`, ...PATHS.map((path) => `${instance}/content/${path}`)];
      let compared = 0;
      for (let path = paths.pop(); path !== undefined; path = paths.pop(), compared++) {
        const answer = await answerOf(other, path);
        expect({ path, ...(await answerOf(url, path)) }).toEqual({ path, ...answer });
        const { json } = answer;
        if (Array.isArray(json)) paths.push(...json.map((below) => `${path}/${below}`));
      }
      expect(compared).toBeGreaterThan(40);
    } finally {
      await fetch(`${other}/instances/${ID}`, { method: 'DELETE' });
    }
  });
});

/** Status, type and content of an answer, as far as they are the same on every server. */
async function answerOf(
  server: string,
  path: string,
): Promise<{ status: number; type: string | null; json?: unknown; bytes?: string }> {
  const answer = await fetch(server + path);
  const { status } = answer;
  const type = answer.headers.get('content-type');
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (bytes.length === 0 || !/json|text/.test(type ?? '')) return { status, type, bytes: bytes.toString('base64') };
  return { status, type, json: JSON.parse(bytes.toString()) };
}
