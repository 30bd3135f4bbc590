import { type BuilderEntry, buildInstance } from '../../libs/dicom/src/testing/dicom-builder.js';
import { type Study, studyOf, type StudyShape } from './study.js';

/** One instance of a made-up study; series and instances count from 0. */
export interface SampleInstance {
  readonly study: Study;
  readonly series: number;
  readonly instance: number;
}

/** Instances without end, study by study, in the order in which a scanner would send them. */
export function* instancesOf(area: number, shape: StudyShape, firstStudy = 0): Generator<SampleInstance, never> {
  for (let index = firstStudy; ; index += 1) {
    const study = studyOf(area, index, shape);
    for (const [series, count] of study.series.entries()) {
      for (let instance = 0; instance < count; instance += 1) yield { study, series, instance };
    }
  }
}

/** So many instances after those that are skipped. */
export function* slice(samples: Iterable<SampleInstance>, skip: number, count: number): Generator<SampleInstance> {
  let index = 0;
  for (const sample of samples) {
    if (index >= skip + count) return;
    if (index++ >= skip) yield sample;
  }
}

/** All instances of some studies. */
export function* instancesOfStudies(
  area: number,
  shape: StudyShape,
  from: number,
  to: number,
): Generator<SampleInstance> {
  const last = studyOf(area, to, shape).uid;
  for (const sample of instancesOf(area, shape, from)) {
    if (sample.study.uid === last) return;
    yield sample;
  }
}

/** The pixels that all made-up files of a size share, in bytes. */
export function pixelsOf(bytes: number): Buffer {
  const pixels = Buffer.alloc(bytes);
  for (let at = 0; at + 1 < bytes; at += 2) pixels.writeUInt16LE((at * 7919) & 0x0fff, at);
  return pixels;
}

/** The DICOM file of an instance, with the header of a CT or MR image and the given pixels, if any. */
export function fileOf({ study, series, instance }: SampleInstance, pixels?: Buffer): Buffer {
  const seriesUid = `${study.uid}.${series + 1}`;
  return buildInstance({
    patientId: study.patientId,
    patientName: study.patientName,
    patientBirthDate: study.birthDate,
    patientSex: study.sex,
    studyUid: study.uid,
    seriesUid,
    sopUid: `${seriesUid}.${instance + 1}`,
    sopClassUid: study.modality === 'CT' ? '1.2.840.10008.5.1.4.1.1.2' : '1.2.840.10008.5.1.4.1.1.4',
    modality: study.modality,
    studyDate: study.date,
    studyTime: study.time,
    studyDescription: study.description,
    accessionNumber: study.accessionNumber,
    seriesDescription: `AX ${series + 1} 5.0 MM`,
    seriesNumber: series + 1,
    instanceNumber: instance + 1,
    characterSet: 'ISO_IR 100',
    pixelBytes: pixels,
    extra: imageHeader(study, instance, seriesUid),
  });
}

function imageHeader(study: Study, instance: number, seriesUid: string): BuilderEntry[] {
  return [
    [0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', 'AXIAL']],
    [0x00080012, 'DA', study.date],
    [0x00080013, 'TM', study.time],
    [0x00080021, 'DA', study.date],
    [0x00080022, 'DA', study.date],
    [0x00080023, 'DA', study.date],
    [0x00080031, 'TM', study.time],
    [0x00080032, 'TM', study.time],
    [0x00080033, 'TM', study.time],
    [0x00080070, 'LO', 'ACME MEDICAL'],
    [0x00080080, 'LO', 'GENERAL HOSPITAL'],
    [0x00080090, 'PN', 'HOUSE^GREGORY'],
    [0x00081010, 'SH', 'SCANNER1'],
    [0x00081032, 'SQ', [[[0x00080100, 'SH', 'P1'] as const, [0x00080102, 'SH', '99LOCAL'] as const]]],
    [0x00081090, 'LO', 'SCANNER 3000'],
    [0x00180015, 'CS', 'CHEST'],
    [0x00180050, 'DS', '5.0'],
    [0x00180060, 'DS', '120'],
    [0x00181020, 'LO', 'V1.2.3'],
    [0x00181030, 'LO', 'ROUTINE'],
    [0x00185100, 'CS', 'HFS'],
    [0x00200012, 'IS', '1'],
    [0x00200032, 'DS', ['-250', '-250', String(instance * 5)]],
    [0x00200037, 'DS', ['1', '0', '0', '0', '1', '0']],
    [0x00200052, 'UI', `${seriesUid}.0`],
    [0x00201041, 'DS', String(instance * 5)],
    [0x00280030, 'DS', ['0.9765625', '0.9765625']],
    [0x00281050, 'DS', '40'],
    [0x00281051, 'DS', '400'],
    [0x00281052, 'DS', '-1024'],
    [0x00281053, 'DS', '1'],
  ];
}
