import {
  COLLECTIONS,
  envelope,
  type EventContext,
  type EventEnvelope,
  type LabelAdded,
  type LabelRemoved,
  type Level,
  LEVELS,
  type MetadataDeleted,
  type MetadataSet,
  type ProtectionSet,
} from '@annal/domain';
import fc from 'fast-check';

/** A step of a random history that notes something on a resource. */
export type AnnotationStep = {
  readonly sample: { readonly patient: string; study: string; series: string; instance: string };
  readonly level: Level;
} & (
  | { readonly kind: 'label'; readonly label: string; readonly removes: boolean }
  | { readonly kind: 'metadata'; readonly metadata: number; readonly value: string | null; readonly expected: unknown }
  | { readonly kind: 'protect'; readonly protected: boolean }
);

/**
 * Few labels, metadata and offsets, so that they meet; more than may be.
 * @param one of the samples, on which most is noted
 */
export function annotationStep<S>(
  sample: fc.Arbitrary<S>,
  one: S,
): fc.Arbitrary<AnnotationStep & { readonly sample: S }> {
  const common = {
    sample: fc.oneof({ weight: 4, arbitrary: fc.constant(one) }, { weight: 1, arbitrary: sample }),
    level: fc.oneof(
      { weight: 2, arbitrary: fc.constant('Patient' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...LEVELS) },
    ),
  };
  return fc.oneof(
    fc.record({
      ...common,
      kind: fc.constant('label' as const),
      label: fc.constantFrom('a', 'B', '_', 'c-1'),
      removes: fc.boolean(),
    }),
    fc.record({
      ...common,
      kind: fc.constant('metadata' as const),
      metadata: fc.constantFrom(1024, 1025, 65535),
      value: fc.option(fc.constantFrom('', 'x', 'é"\\', '𝄞'), { freq: 6 }),
      expected: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }) },
      ),
    }),
    fc.record({ ...common, kind: fc.constant('protect' as const), protected: fc.boolean() }),
  ) as never;
}

/** Whether a step notes something. */
export function isAnnotation(step: { readonly kind: string }): step is AnnotationStep {
  return ['label', 'metadata', 'protect'].includes(step.kind);
}

/** Labels and metadata that a resource may have in random histories. */
export const MAXIMUM = { labels: 3, metadata: 2 };

/** The event of a step, in clear. @param ids of the resource, by level */
export function annotationEvent(
  step: AnnotationStep,
  ids: Readonly<Record<Level, string>>,
  context: EventContext,
): EventEnvelope {
  if (step.kind === 'protect') {
    const data = { id: ids.Patient, protected: step.protected };
    const subject = `patients/${ids.Patient}`;
    return envelope<ProtectionSet>({ type: 'annal.patient.protection-set.v1', data }, subject, context);
  }
  const { level } = step;
  const id = ids[level];
  const subject = `${COLLECTIONS[level]}/${id}`;
  if (step.kind === 'label') {
    const { label } = step;
    if (step.removes) {
      return envelope<LabelRemoved>({ type: 'annal.label.removed.v1', data: { level, id, label } }, subject, context);
    }
    const data = { level, id, label, maximum: MAXIMUM.labels };
    return envelope<LabelAdded>({ type: 'annal.label.added.v1', data }, subject, context);
  }
  const { metadata, value } = step;
  const expected = step.expected as number | null | undefined;
  if (value === null) {
    const data = { level, id, metadata, ...(typeof expected === 'number' && { expected }) };
    return envelope<MetadataDeleted>({ type: 'annal.metadata.deleted.v1', data }, subject, context);
  }
  const data = { level, id, metadata, ...(expected !== undefined && { expected }), maximum: MAXIMUM.metadata };
  return envelope<MetadataSet>({ type: 'annal.metadata.set.v1', data }, subject, context, {
    keyId: null,
    algorithm: 'none',
    value: Buffer.from(value).toString('base64'),
  });
}
