import type { BuilderEntry } from '../../libs/dicom/src/testing/element-writer.js';
import { buildInstance, type InstanceDescription } from '../../libs/dicom/src/testing/instance-builder.js';
import { ArchiveServer } from '../support/archive-server.js';

const MIB = 1024 * 1024;
const BEHIND: BuilderEntry[] = [
  [0x7fe10010, 'LO', 'ACME 1.0'],
  [0x7fe11001, 'LO', 'private after'],
  [0x7fe11002, 'SQ', [[[0x00080050, 'SH', 'nested']]]],
  [0x7fe11003, 'OB', Buffer.alloc(300, 65)],
  [0x7fe11004, 'LT', 'y'.repeat(600)],
  [0xfffcfffc, 'OB', Buffer.alloc(4)],
];

/** What Orthanc 1.12.7 answers for them with `whole`, beside what it answers without. */
const SHOWN = {
  '7fe1,0010': { Name: 'PrivateCreator', Type: 'String', Value: 'ACME 1.0' },
  '7fe1,1001': { Name: 'Unknown Tag & Data', PrivateCreator: 'ACME 1.0', Type: 'String', Value: 'private after' },
  '7fe1,1002': {
    Name: 'Unknown Tag & Data',
    Type: 'Sequence',
    Value: [{ '0008,0050': { Name: 'AccessionNumber', Type: 'String', Value: 'nested' } }],
  },
  '7fe1,1003': { Name: 'Unknown Tag & Data', PrivateCreator: 'ACME 1.0', Type: 'Null', Value: null },
  '7fe1,1004': { Name: 'Unknown Tag & Data', PrivateCreator: 'ACME 1.0', Type: 'TooLong', Value: null },
  'fffc,fffc': { Name: 'DataSetTrailingPadding', Type: 'Null', Value: null },
};
const unknown = { Name: 'Unknown Tag & Data', PrivateCreator: 'ACME 1.0', Type: 'Null', Value: null };
const SHOWN_OF_IMPLICIT = { ...SHOWN, '7fe1,1001': unknown, '7fe1,1002': unknown, '7fe1,1004': unknown };

const JPEG = '1.2.840.10008.1.2.4.50';
const FRAGMENTS = [Buffer.alloc(0), Buffer.alloc(64, 1), Buffer.alloc(2 * MIB, 2)];

const files: readonly [what: string, InstanceDescription, shown?: object][] = [
  ['native pixel data', { pixelBytes: 1024 }],
  ['large native pixel data', { pixelBytes: 5 * MIB }],
  ['pixel data without a byte', { pixelBytes: Buffer.alloc(0) }],
  ['encapsulated pixel data', { transferSyntax: JPEG, fragments: FRAGMENTS.slice(0, 2) }],
  ['large encapsulated pixel data', { transferSyntax: JPEG, fragments: FRAGMENTS }],
  ['floating point pixel data', { extra: [[0x7fe00008, 'OF', Buffer.alloc(1024)]] }],
  ['no pixel data', {}],
  ['implicit VR', { transferSyntax: '1.2.840.10008.1.2', pixelBytes: 512 }, SHOWN_OF_IMPLICIT],
  ['big endian', { transferSyntax: '1.2.840.10008.1.2.2', pixelBytes: 512 }],
  ['a deflated data set', { transferSyntax: '1.2.840.10008.1.2.1.99', pixelBytes: 512 }],
];

describe.each([false, true])('tags behind the pixel data, with StorageCompression %s', (StorageCompression) => {
  let server: ArchiveServer;
  let uploads = 0;
  beforeAll(async () => {
    server = await ArchiveServer.start({ configuration: { StorageCompression, Annal: { Workers: 1 } } });
  });
  afterAll(() => server.close());

  async function stored(description: InstanceDescription, trailing = BEHIND): Promise<string> {
    const { body } = await server.upload(buildInstance({ ...description, sopUid: `1.2.3.${++uploads}`, trailing }));
    expect(body.Status).toBe('Success');
    return `/instances/${body.ID}`;
  }

  it.each<(typeof files)[number]>(files)(
    'are shown with whole, and only then: %s',
    async (_what, description, shown = SHOWN) => {
      const path = await stored(description);
      const tags = await server.json<object>(`${path}/tags`);
      expect(tags).not.toHaveProperty('7fe1,0010');
      const whole = await server.json<object>(`${path}/tags?whole`);
      expect(whole).toEqual({ ...tags, ...shown });
      expect(Object.keys(whole)).toEqual([...Object.keys(tags), ...Object.keys(shown)]);
    },
  );

  it('may be such as should stand before them', async () => {
    const path = await stored({ pixelBytes: 512 }, [
      [0x00281050, 'DS', '5'],
      [0x7fe10010, 'LO', 'ACME 1.0'],
      [0x00081070, 'PN', 'Late^Op'],
    ]);
    const [tags, whole] = [await server.json<object>(`${path}/tags`), await server.json<object>(`${path}/tags?whole`)];
    expect(whole).toEqual({
      ...tags,
      '0008,1070': { Name: 'OperatorsName', Type: 'String', Value: 'Late^Op' },
      '0028,1050': { Name: 'WindowCenter', Type: 'String', Value: '5' },
      '7fe1,0010': { Name: 'PrivateCreator', Type: 'String', Value: 'ACME 1.0' },
    });
    expect(Object.keys(whole)).toEqual(Object.keys(whole).sort());
  });

  it('may be none', async () => {
    for (const pixels of [{ pixelBytes: 512 }, { transferSyntax: JPEG, fragments: FRAGMENTS }, {}]) {
      const path = await stored(pixels, []);
      expect(await server.json(`${path}/tags?whole=true`)).toEqual(await server.json(`${path}/tags`));
    }
  });

  it('are read in the character set of the file', async () => {
    const behind: BuilderEntry[] = [
      [0x7fe10010, 'LO', 'ACME 1.0'],
      [0x7fe11001, 'LO', Buffer.from('äöü')],
    ];
    const path = await stored({ characterSet: 'ISO_IR 192', pixelBytes: 512 }, behind);
    expect(await server.json(`${path}/tags?whole&short`)).toMatchObject({ '7fe1,1001': 'äöü' });
  });
});

describe('whole', () => {
  let server: ArchiveServer;
  let path: string;
  const upload = async (description: InstanceDescription): Promise<string> => {
    const { body } = await server.upload(buildInstance(description));
    return `/instances/${body.ID}`;
  };
  beforeAll(async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 1 } } });
    path = await upload({ pixelBytes: 512, trailing: BEHIND });
  });
  afterAll(() => server.close());

  it.each([
    ['whole', true],
    ['whole=', true],
    ['whole=true', true],
    ['whole=1', true],
    ['whole=false', false],
    ['whole=0', false],
  ])('?%s: %s', async (query, on) => {
    expect('7fe1,0010' in (await server.json<object>(`${path}/tags?${query}`))).toBe(on);
    expect('PrivateCreator' in (await server.json<object>(`${path}/simplified-tags?${query}`))).toBe(on);
  });

  it('goes together with the forms of tags', async () => {
    expect(await server.json(`${path}/tags?whole&short`)).toMatchObject({
      '7fe1,1001': 'private after',
      '7fe1,1002': [{ '0008,0050': 'nested' }],
    });
    expect(await server.json(`${path}/tags?whole&simplify`)).toEqual(
      await server.json(`${path}/simplified-tags?whole`),
    );
    const long = await server.json<Record<string, object>>(`${path}/tags?whole&ignore-length=7fe1-1004`);
    expect(long['7fe1,1004']).toMatchObject({ Type: 'String', Value: 'y'.repeat(600) });
  });

  it('is a Boolean', async () => {
    const answer = await server.fetch(`${path}/tags?whole=yes`);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { Details: 'Expected a Boolean for GET argument "whole", found: yes', OrthancStatus: 3 },
    ]);
    expect((await server.fetch('/instances/nope/tags?whole')).status).toBe(404);
  });

  it('says so when what is behind the pixel data is damaged', async () => {
    const file = buildInstance({ sopUid: '1.2.3.6', pixelBytes: 5 * MIB, trailing: BEHIND });
    const { body } = await server.upload(file.subarray(0, file.length - 3));
    expect((await server.fetch(`/instances/${body.ID}/tags`)).status).toBe(200);
    expect((await server.fetch(`/instances/${body.ID}/tags?whole`)).status).toBe(400);
  });

  it('reads 64 MiB beside the pixel data, and refuses more', async () => {
    const large = await upload({
      sopUid: '1.2.3.5',
      pixelBytes: 512,
      trailing: [[0xfffcfffc, 'OB', Buffer.alloc(64 * MIB)]],
    });
    expect((await server.fetch(`${large}/tags`)).status).toBe(200);
    expect((await server.fetch(`${large}/tags?whole`)).status).toBe(413);
  });
});
