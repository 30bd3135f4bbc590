import { createHash } from 'node:crypto';
import {
  envelope,
  type EventContext,
  type EventEnvelope,
  type InstanceStored,
  type InstanceTags,
  resourceIds,
} from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';

/** A made-up instance: which patient, study, series and instance it is. */
export interface SampleInstance {
  readonly patient: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly size?: number;
  readonly overwrite?: boolean;
  readonly tags?: Partial<InstanceTags['main']>;
  readonly sequences?: InstanceTags['sequences'];
  readonly now?: Date;
  /** UID; Explicit VR Little Endian without it. */
  readonly transferSyntax?: string;
}

/** The context of a request at a fixed time. */
export function testContext(now = new Date('2026-11-21T13:09:41.123Z')): EventContext {
  return { source: 'test', actor: { protocol: 'http', remoteAddress: '127.0.0.1' }, correlationId: uuidv7(), now };
}

/** An InstanceStored event as the api would append it; nothing lies in the blob store. */
export function storedEvent(sample: SampleInstance): EventEnvelope<InstanceStored> {
  const ids = resourceIds({
    patientId: sample.patient,
    studyInstanceUid: sample.study,
    seriesInstanceUid: sample.series,
    sopInstanceUid: sample.instance,
  });
  const tags: InstanceTags = {
    main: {
      Patient: { '00100010': `NAME^${sample.patient}`, '00100020': sample.patient, ...sample.tags?.Patient },
      Study: { '0020000d': sample.study, '00080020': '20260101', ...sample.tags?.Study },
      Series: { '0020000e': sample.series, '00080060': 'CT', ...sample.tags?.Series },
      Instance: { '00080018': sample.instance, ...sample.tags?.Instance },
    },
    ...(sample.sequences && { sequences: sample.sequences }),
    transferSyntaxUid: sample.transferSyntax ?? '1.2.840.10008.1.2.1',
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  };
  const size = sample.size ?? 1000;
  const md5 = createHash('md5').update(sample.instance).digest('hex');
  return envelope<InstanceStored>(
    {
      type: 'annal.instance.stored.v1',
      data: {
        ids,
        blob: { key: uuidv7(), size, md5, storedSize: size, storedMd5: md5, compression: 'none' },
        overwrite: sample.overwrite ?? false,
      },
    },
    `instances/${ids.instance}`,
    testContext(sample.now),
    {
      keyId: null,
      algorithm: 'none',
      tags: Buffer.from(JSON.stringify(tags)).toString('base64'),
      header: Buffer.from('header').toString('base64'),
    },
  );
}
