import {
  COLLECTIONS,
  envelope,
  type EventEnvelope,
  LEVELS,
  type RecordedEvent,
  type ResourceStable,
  resourceIds,
} from '@annal/domain';
import fc from 'fast-check';
import { annotationEvent, type AnnotationStep, annotationStep, isAnnotation } from './annotation-steps.js';
import { AttachmentHistory } from './attachment-history.js';
import { reconstructedEvent } from './reconstructed-event.js';
import { storedEvent, testContext } from './stored-event.js';

/** Few identifiers, so that a random history meets itself: duplicates, overwrites, last children. */
const sample = fc.record({
  patient: fc.constantFrom('P1', 'P2'),
  study: fc.constantFrom('1', '2'),
  series: fc.constantFrom('1', '2'),
  instance: fc.constantFrom('1', '2', '3'),
});
type Sample = typeof sample extends fc.Arbitrary<infer S> ? S : never;

const ONE: Sample = { patient: 'P1', study: '1', series: '1', instance: '1' };

type Step =
  | { readonly kind: 'store'; readonly sample: Sample; readonly overwrite: boolean; readonly size: number }
  | { readonly kind: 'delete'; readonly sample: Sample; readonly level: (typeof LEVELS)[number] }
  | {
      readonly kind: 'stable';
      readonly sample: Sample;
      readonly level: ResourceStable['data']['level'];
      readonly stale: boolean;
    }
  | { readonly kind: 'recycle'; readonly sample: Sample; readonly stale: boolean }
  | {
      readonly kind: 'attachment';
      readonly change: 'attach' | 'detach' | 'recode';
      readonly sample: Sample;
      readonly level: (typeof LEVELS)[number];
      readonly contentType: number;
      readonly size: number;
      readonly expected: 'anything' | 'absent' | 'the last';
    }
  | {
      readonly kind: 'reconstruct';
      readonly sample: Sample;
      readonly only: (typeof LEVELS)[number] | null;
      readonly name: string;
    }
  | { readonly kind: 'clear' }
  | AnnotationStep;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('store' as const),
      sample,
      overwrite: fc.boolean(),
      size: fc.integer({ min: 1, max: 999 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), sample, level: fc.constantFrom(...LEVELS) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('stable' as const),
      sample,
      level: fc.constantFrom('Patient' as const, 'Study' as const, 'Series' as const),
      stale: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('recycle' as const), sample, stale: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('attachment' as const),
      change: fc.constantFrom('attach' as const, 'attach' as const, 'detach' as const, 'recode' as const),
      sample,
      level: fc.constantFrom(...LEVELS),
      contentType: fc.constantFrom(1, 1024, 1025),
      size: fc.integer({ min: 0, max: 999 }),
      expected: fc.constantFrom('anything' as const, 'absent' as const, 'the last' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reconstruct' as const),
      sample,
      only: fc.option(fc.constantFrom(...LEVELS)),
      name: fc.constantFrom('ONE', 'OTHER'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
  { weight: 5, arbitrary: annotationStep(sample, ONE) },
);

/** Random histories of an archive, without positions. */
export const history: fc.Arbitrary<EventEnvelope[]> = fc.array(step, { minLength: 1, maxLength: 40 }).map(toEvents);

/** Random histories in which much is noted on one instance and what it belongs to. */
export const notedHistory: fc.Arbitrary<EventEnvelope[]> = fc
  .array(fc.oneof({ weight: 9, arbitrary: annotationStep(sample, ONE) }, { weight: 1, arbitrary: step }), {
    minLength: 15,
    maxLength: 30,
  })
  .map((steps) => toEvents([{ kind: 'store', sample: ONE, overwrite: false, size: 1 }, ...steps]));

/** A history with its positions, behind the LogCreated of a new log. */
export function recorded(events: readonly EventEnvelope[]): RecordedEvent[] {
  const logId = '00000000-0000-7000-8000-000000000000';
  const created = envelope({ type: 'annal.log.created.v1', data: { logId } }, 'log', testContext());
  return [created, ...events].map((event, offset) => ({ ...event, position: { partition: 0, offset } }));
}

function toEvents(steps: readonly Step[]): EventEnvelope[] {
  const attachments = new AttachmentHistory();
  return steps.map((one, index) => toEvent(one, index, attachments));
}

function toEvent(step: Step, index: number, attachments: AttachmentHistory): EventEnvelope {
  // a second an event, so that times differ
  const now = new Date(Date.UTC(2026, 10, 21, 12, 0, index));
  if (step.kind === 'clear')
    return envelope({ type: 'annal.changes.cleared.v1', data: {} }, 'changes', testContext(now));
  const { patient } = step.sample;
  const study = `${patient === 'P1' ? 1 : 2}.${step.sample.study}`;
  const series = `${study}.${step.sample.series}`;
  const instance = `${series}.${step.sample.instance}`;
  if (step.kind === 'store') {
    const stored = storedEvent({ patient, study, series, instance, overwrite: step.overwrite, size: step.size, now });
    attachments.note('Instance', stored.data.ids.instance, 1, stored.data.blob);
    return stored;
  }
  const ids = resourceIds({
    patientId: patient,
    studyInstanceUid: study,
    seriesInstanceUid: series,
    sopInstanceUid: instance,
  });
  const of = { Patient: ids.patient, Study: ids.study, Series: ids.series, Instance: ids.instance };
  if (step.kind === 'reconstruct') {
    const main = Object.fromEntries(LEVELS.map((level) => [level, { '00104000': step.name }]));
    const said = { patient, study, series, instance, tags: main, now };
    return reconstructedEvent(said, attachments.fileOf(ids.instance), step.only ?? undefined);
  }
  if (isAnnotation(step)) return annotationEvent(step, of, testContext(now));
  if (step.kind === 'recycle') {
    const data = { id: ids.patient, asOf: step.stale ? 0 : index + 1 };
    return envelope({ type: 'annal.patient.recycled.v1', data }, `patients/${ids.patient}`, testContext(now));
  }
  const id = of[step.level];
  if (step.kind === 'attachment') return attachments.event({ ...step, kind: step.change, id }, testContext(now));
  const subject = `${COLLECTIONS[step.level]}/${id}`;
  if (step.kind === 'delete') {
    return envelope({ type: 'annal.resource.deleted.v1', data: { level: step.level, id } }, subject, testContext(now));
  }
  const data = { level: step.level, id, asOf: step.stale ? 0 : index + 1 };
  return envelope({ type: 'annal.resource.stable.v1', data }, subject, testContext(now));
}
