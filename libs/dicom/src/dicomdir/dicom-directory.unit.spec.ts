import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { headerModel } from '../header/header-model.js';
import { findElement, type HeaderDataSet, type HeaderModel, itemsOf } from '../header/model.js';
import { buildInstance, type InstanceDescription } from '../testing/index.js';
import { type BuilderEntry } from '../testing/element-writer.js';
import { pydicomPython } from '../testing/pydicom-reference.js';
import { tokenize } from '../tokenizer/index.js';
import { DicomDirectory } from './dicom-directory.js';

const dictionary = new DicomDictionary();
const NOW = new Date('2026-11-22T02:39:08Z');

const headerOf = (file: Buffer): HeaderModel =>
  headerModel(tokenize(file, { complete: true, totalLength: file.length, lookup: dictionary }), {
    dictionary,
    defaultEncoding: 'Latin1',
  });
const text = (dataset: HeaderDataSet, tag: number): unknown => findElement(dataset, tag)?.[2];

interface Listed extends InstanceDescription {
  readonly within?: readonly [string, string, string];
}

function directory(instances: readonly Listed[], extended = false): Buffer {
  const written = new DicomDirectory({
    dictionary,
    fileSetId: 'TEST',
    instanceUid: '2.25.1',
    implementationClassUid: '2.25.2',
    extended,
    now: NOW,
  });
  for (const [index, instance] of instances.entries()) {
    const header = headerOf(buildInstance(instance));
    const file = {
      fileId: ['IMAGES', `IM${index}`],
      sopClassUid: text(header.dataset, 0x00080016) as string,
      sopInstanceUid: text(header.dataset, 0x00080018) as string,
      transferSyntaxUid: header.syntax,
    };
    written.add({ header, file, within: instance.within ?? ['p', 't', 's'] });
  }
  return written.bytes();
}

/** The records of a directory by the offsets that lead to them, as a reader follows them. */
function followed(file: Buffer): readonly { type: unknown; file: unknown; below: ReturnType<typeof followed> }[] {
  const { dataset } = headerOf(file);
  const sequence = tokenize(file, { complete: true, totalLength: file.length, lookup: dictionary });
  const records = sequence.dataset.elements.find(({ tag }) => tag === 0x00041220)!.items!;
  const models = itemsOf(findElement(dataset, 0x00041220)!)!;
  // an item's first element stands 8 bytes behind it
  const at = new Map(records.map((record, index) => [record.elements[0]!.offset - 8, models[index]!]));
  const from = (offset: number): ReturnType<typeof followed> => {
    if (offset === 0) return [];
    const record = at.get(offset)!;
    const next = (text(record, 0x00041400) as number[])[0]!;
    const lower = (text(record, 0x00041420) as number[])[0]!;
    return [{ type: text(record, 0x00041430), file: text(record, 0x00041500), below: from(lower) }, ...from(next)];
  };
  return from((text(dataset, 0x00041200) as number[])[0]!);
}

/** The records in their order in the file. */
const records = (file: Buffer): readonly HeaderDataSet[] => itemsOf(findElement(headerOf(file).dataset, 0x00041220)!)!;
const leaf = (file: string, type = 'IMAGE'): object => ({ type, file: `IMAGES\\${file}`, below: [] });

/** Two patients, the first with two studies and three series. */
const ARCHIVE: readonly Listed[] = [
  { within: ['p', 't', 's'], sopUid: '1.1' },
  { within: ['p', 't', 's'], sopUid: '1.2', instanceNumber: 2 },
  { within: ['p', 't', 's2'], sopUid: '1.3', seriesUid: '1.9', sopClassUid: '1.2.840.10008.5.1.4.1.1.88.11' },
  { within: ['p', 't2', 's3'], sopUid: '1.4', studyUid: '1.8' },
  {
    within: ['p2', 't3', 's4'],
    sopUid: '1.5',
    patientId: 'P2',
    patientName: 'Müller^Jörg',
    characterSet: 'ISO_IR 100',
  },
];

describe('a DICOMDIR', () => {
  it('leads from patients to studies, series and files', () => {
    const study = (...series: object[]): object => ({ type: 'STUDY', file: undefined, below: series });
    const series = (...below: object[]): object => ({ type: 'SERIES', file: undefined, below });
    expect(followed(directory(ARCHIVE))).toEqual([
      {
        type: 'PATIENT',
        file: undefined,
        below: [
          study(series(leaf('IM0'), leaf('IM1')), series(leaf('IM2', 'SR DOCUMENT'))),
          study(series(leaf('IM3'))),
        ],
      },
      { type: 'PATIENT', file: undefined, below: [study(series(leaf('IM4')))] },
    ]);
  });

  it('may be empty', () => {
    expect(followed(directory([]))).toEqual([]);
    expect(text(headerOf(directory([])).dataset, 0x00041130)).toBe('TEST');
  });

  it('has the keys of each record', () => {
    const [patient, study, series, image] = records(directory([{ patientName: 'Doe^Jane', accessionNumber: 'A1' }]));
    const keys = (record: HeaderDataSet): unknown =>
      record.slice(4).map(([tag, vr, value]) => [tag.toString(16), vr, value]);
    expect(keys(patient!)).toEqual([
      ['100010', 'PN', 'Doe^Jane'],
      ['100020', 'LO', 'P1'],
    ]);
    expect(keys(study!)).toEqual([
      ['80020', 'DA', '20240102'],
      ['80030', 'TM', '101112'],
      ['80050', 'SH', 'A1'],
      ['81030', 'LO', 'Study'],
      ['20000d', 'UI', '1.2.3.1'],
      ['200010', 'SH', '1'],
    ]);
    expect(keys(series!)).toEqual([
      ['80060', 'CS', 'OT'],
      ['20000e', 'UI', '1.2.3.1.1'],
      ['200011', 'IS', '1'],
    ]);
    expect(keys(image!)).toEqual([
      ['41500', 'CS', 'IMAGES\\IM0'],
      ['41510', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
      ['41511', 'UI', '1.2.3.1.1.1'],
      ['41512', 'UI', '1.2.840.10008.1.2.1'],
      ['200013', 'IS', '1'],
    ]);
  });

  it('tells the description of series where it is extended', () => {
    expect(text(records(directory([{}], true))[2]!, 0x0008103e)).toBe('Series');
    expect(text(records(directory([{}]))[2]!, 0x0008103e)).toBeUndefined();
  });

  it.each([
    ['the date of the series', '', '20010101', '20010101'],
    ['nothing', '', '', ''],
  ])('has %s where a study has an empty one', (_what, studyDate, seriesDate, expected) => {
    const [, study] = records(directory([{ studyDate, extra: [[0x00080021, 'DA', seriesDate]] }]));
    expect(text(study!, 0x00080020)).toBe(expected);
  });

  it('has the time of its making where a study has none', () => {
    const file = buildInstance({});
    const header = headerOf(file);
    const without = { ...header, dataset: header.dataset.filter(([tag]) => tag !== 0x00080020 && tag !== 0x00080030) };
    const written = new DicomDirectory({
      dictionary,
      fileSetId: 'TEST',
      instanceUid: '2.25.1',
      implementationClassUid: '2.25.2',
      extended: false,
      now: NOW,
    });
    const referenced = {
      fileId: ['A'],
      sopClassUid: '1.2',
      sopInstanceUid: '1.3',
      transferSyntaxUid: '1.2.840.10008.1.2',
    };
    written.add({ header: without, file: referenced, within: ['p', 't', 's'] });
    const [, study] = records(written.bytes());
    expect([text(study!, 0x00080020), text(study!, 0x00080030)]).toEqual(['20261122', '023908.000000']);
  });

  it.each([
    ['ASCII', 'ISO_IR 101', 'Nowak^Jan', 'ISO_IR 101'],
    ['its own character set', 'ISO_IR 100', 'Müller^Jörg', 'ISO_IR 100'],
    ['its own character set', 'ISO_IR 192', '山田^太郎', 'ISO_IR 192'],
  ])('writes a name in %s', (_what, characterSet, patientName, expected) => {
    const [patient, , series] = records(directory([{ characterSet, patientName }]));
    expect([text(patient!, 0x00080005), text(patient!, 0x00100010)]).toEqual([expected, patientName]);
    expect(text(series!, 0x00080005)).toBe(characterSet);
  });

  it('writes in UTF-8 what has no character set, or one that texts were not written in', () => {
    const [patient] = records(directory([{ patientName: 'Müller^Jörg' }]));
    expect([text(patient!, 0x00080005), text(patient!, 0x00100010)]).toEqual(['ISO_IR 192', 'Müller^Jörg']);
  });

  it('has what the record of a document needs, and of its content only what modifies the title', () => {
    const code = (value: string): readonly BuilderEntry[] => [
      [0x00080100, 'SH', value],
      [0x00080102, 'SH', 'DCM'],
    ];
    const item = (relationship: string, name: string): readonly BuilderEntry[] => [
      [0x0040a010, 'CS', relationship],
      [0x0040a040, 'CS', 'CODE'],
      [0x0040a160, 'UT', name],
    ];
    const [, , , document] = records(
      directory([
        {
          sopClassUid: '1.2.840.10008.5.1.4.1.1.88.59',
          extra: [
            [0x00080023, 'DA', '20200101'],
            [0x0040a043, 'SQ', [code('113000')]],
            [0x0040a730, 'SQ', [item('HAS CONCEPT MOD', 'yes'), item('CONTAINS', 'no')]],
          ],
        },
      ]),
    );
    expect(text(document!, 0x00041430)).toBe('KEY OBJECT DOC');
    expect(text(document!, 0x00080023)).toBe('20200101');
    expect(text(document!, 0x00080033)).toBe('');
    const [name] = itemsOf(findElement(document!, 0x0040a043)!)!;
    expect(text(name!, 0x00080100)).toBe('113000');
    const content = itemsOf(findElement(document!, 0x0040a730)!)!;
    expect(content.map((each) => text(each, 0x0040a160))).toEqual(['yes']);
  });

  it('is read completely by pydicom and dcmdump', () => {
    const folder = mkdtempSync(join(tmpdir(), 'annal-dicomdir-'));
    try {
      const path = join(folder, 'DICOMDIR');
      writeFileSync(path, directory(ARCHIVE, true));
      const dump = spawnSync('dcmdump', ['-q', '+E', path], { encoding: 'utf8' });
      if (dump.error) process.stderr.write('NOT RUN: dcmdump is not installed\n');
      else {
        expect([dump.status, dump.stderr]).toEqual([0, '']);
        expect(dump.stdout.match(/"Directory Record"/g)).toHaveLength(2 + 3 + 4 + 5);
      }
      const python = pydicomPython();
      if (python === undefined) {
        process.stderr.write('NOT RUN: there is no pydicom\n');
        return;
      }
      const read = spawnSync(python, ['-c', READ_RECORDS, path], { encoding: 'utf8' });
      expect(read.stderr).toBe('');
      expect(JSON.parse(read.stdout)).toEqual({
        class: '1.2.840.10008.1.3.10',
        names: ['Doe^Jane', 'Müller^Jörg'],
        files: ['IM0', 'IM1', 'IM2', 'IM3', 'IM4'],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Walks over the links between records as pydicom's file-sets do, by their offsets. */
const READ_RECORDS = `
import json, sys, pydicom
ds = pydicom.dcmread(sys.argv[1])
at = {item.seq_item_tell: item for item in ds.DirectoryRecordSequence}
names, files = [], []
def walk(offset):
    while offset:
        record = at[offset]
        if record.DirectoryRecordType == 'PATIENT': names.append(str(record.PatientName))
        if 'ReferencedFileID' in record: files.append(record.ReferencedFileID[-1])
        walk(record.OffsetOfReferencedLowerLevelDirectoryEntity)
        offset = record.OffsetOfTheNextDirectoryRecord
walk(ds.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity)
print(json.dumps({'class': ds.file_meta.MediaStorageSOPClassUID, 'names': names, 'files': files}))
`;
