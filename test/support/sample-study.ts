import { createHash } from 'node:crypto';
import { resourceIds, type ResourceIds } from '@annal/domain';
import { buildInstance } from '../../libs/dicom/src/testing/instance-builder.js';

/** A DICOM file made for a test, with the identifiers that the archive will give it. */
export interface SampleFile {
  readonly ids: ResourceIds;
  readonly bytes: Buffer;
  readonly md5: string;
}

/** Where in the hierarchy a sample file stands. */
export interface Place {
  readonly patient: string;
  readonly study: number;
  readonly series: number;
  readonly instance: number;
}

/** Makes the file for a place; the same place and pixels give the same bytes. UIDs are unique to the place. */
export function sampleFile({ patient, study, series, instance }: Place, pixelBytes: number | Buffer = 512): SampleFile {
  const root = `1.2.826.0.1.${parseInt(createHash('md5').update(patient).digest('hex').slice(0, 8), 16)}`;
  const studyUid = `${root}.${study}`;
  const seriesUid = `${studyUid}.${series}`;
  const sopUid = `${seriesUid}.${instance}`;
  const bytes = buildInstance({
    patientId: patient,
    studyUid,
    seriesUid,
    sopUid,
    instanceNumber: instance,
    pixelBytes,
  });
  const ids = resourceIds({
    patientId: patient,
    studyInstanceUid: studyUid,
    seriesInstanceUid: seriesUid,
    sopInstanceUid: sopUid,
  });
  return { ids, bytes, md5: createHash('md5').update(bytes).digest('hex') };
}

/** How large a made-up archive is: so many of each below each of the level above. */
export interface Extent {
  readonly patients: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
}

/** The files of a made-up archive; patients are called `<name>0`, `<name>1`, … */
export function sampleFiles(name: string, { patients, studies, series, instances }: Extent): SampleFile[] {
  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  return range(patients).flatMap((p) =>
    range(studies).flatMap((st) =>
      range(series).flatMap((se) =>
        range(instances).map((i) =>
          sampleFile({ patient: `${name}${p}`, study: st + 1, series: se + 1, instance: i + 1 }),
        ),
      ),
    ),
  );
}
