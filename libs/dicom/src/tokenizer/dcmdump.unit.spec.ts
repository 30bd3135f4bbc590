import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { dicomJson } from '../formats/dicom-json.js';
import { headerModel } from '../header/header-model.js';
import { differencesFromDcmdump, hasDcmdump, namesFromDcmdump, readWithDcmdump } from '../testing/dcmdump-reference.js';
import { buildInstance, TransferSyntax } from '../testing/dicom-builder.js';
import { tokenize } from './tokenize.js';

const installed = hasDcmdump();
if (!installed && process.env.CI === 'true') throw new Error('Files made here beside dcmdump: it is not installed');
if (!installed) process.stderr.write('NOT RUN: files made here beside dcmdump, which is not installed\n');

/** Character sets (PS3.3 section C.12.1.1.2), and a name's bytes in each. */
const NAMES: readonly (readonly [string, string])[] = [
  ['ISO_IR 6', 'Doe^Jane'],
  ['ISO_IR 100', 'Buc^J\xe9r\xf4me'],
  ['ISO_IR 101', 'Wa\xb3\xeasa'],
  ['ISO_IR 144', '\xbb\xee\xdace\xdc\xd1yp\xd3'],
  ['ISO_IR 126', '\xc4\xe9\xef\xed'],
  ['ISO_IR 192', '\xe7\x8e\x8b^\xf0\x9f\x98\x80'],
  ['GB18030', '\xcd\xf5^\xd0\xa1\xb6\xab'],
];
// DCMTK cannot decode these everywhere: it depends on the library it was built with
const WITH_CODE_EXTENSIONS: (typeof NAMES)[number] = [
  '\\ISO 2022 IR 87',
  'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B',
];

(installed ? describe : describe.skip)('a file made here, beside dcmdump', () => {
  const lookup = new DicomDictionary();
  let path: string;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'annal-dcmdump-'));
    path = join(folder, 'made.dcm');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const made = (transferSyntax: string, characterSet: string, name: string): Buffer => {
    const compressed = transferSyntax === TransferSyntax.rle || transferSyntax === TransferSyntax.jpegBaseline;
    const file = buildInstance({
      transferSyntax,
      characterSet,
      pixelBytes: 512,
      ...(compressed && { fragments: [Buffer.alloc(0), Buffer.alloc(64, 7)] }),
      extra: [
        [0x00090010, 'LO', 'SITE'],
        [0x00100010, 'PN', Buffer.from(name.length % 2 === 0 ? name : `${name} `, 'latin1')],
        [0x00101020, 'DS', '1.75'],
        [0x00189073, 'FD', 12.5],
        {
          tag: 0x00400275,
          vr: 'SQ',
          undefinedLength: true,
          items: [
            [[0x00400007, 'LO', 'a step'], { tag: 0x00400008, vr: 'SQ', items: [[[0x00080100, 'SH', 'C']], []] }],
          ],
        },
      ],
    });
    writeFileSync(path, file);
    return file;
  };

  it.each(Object.entries(TransferSyntax))('has the same elements in %s, in every character set', (_, uid) => {
    for (const [characterSet, name] of [...NAMES, WITH_CODE_EXTENSIONS]) {
      const file = tokenize(made(uid, characterSet, name), { lookup });
      const printed = readWithDcmdump(path);
      expect(printed.length).toBeGreaterThan(35);
      expect([characterSet, differencesFromDcmdump(file, printed)]).toEqual([characterSet, []]);
    }
  });

  it.each(NAMES)('has the same name in the DICOM JSON of %j', (characterSet, name) => {
    const file = tokenize(made(TransferSyntax.explicitLittleEndian, characterSet, name), { lookup });
    const limits = { text: Infinity, bytes: Infinity };
    const { dataset } = headerModel(file, { dictionary: lookup, defaultEncoding: 'Latin1', limits });
    const header = dataset.filter(([tag]) => tag < 0x7fe00010);
    const json = JSON.parse(dicomJson(header, { dictionary: lookup })) as Record<string, { readonly Value: unknown }>;
    const [Alphabetic] = namesFromDcmdump(path);
    expect(Alphabetic).toBeDefined();
    expect(json['00100010']!.Value).toEqual([{ Alphabetic }]);
  });
});
