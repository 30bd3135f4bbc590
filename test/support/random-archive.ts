import { encodeHeader } from '@annal/dicom';
import { type EventEnvelope, type InstanceStored, type Level, LEVELS, resourceIds } from '@annal/domain';
import * as fc from 'fast-check';
import { storedEvent } from './stored-event.js';

/** A made-up resource with its tags by eight hexadecimal digits, and those of the levels above. */
export interface MadeUpResource {
  readonly level: Level;
  readonly id: string;
  readonly above: readonly MadeUpResource[];
  readonly tags: Readonly<Record<string, string>>;
  /** Rows (0028,0010) in the header of its first instance. */
  readonly rows: number;
}

/** The main tags that vary. */
export const VARYING: Readonly<Record<Level, readonly string[]>> = {
  Patient: ['00100010', '00100030', '00100040'],
  Study: ['00080020', '00081030', '00080050', '00080090'],
  Series: ['00080060', '0008103e', '00080070'],
  Instance: ['00200013', '00204000'],
};

/** Texts that case, accents, spaces and LIKE make difficult. */
export const text = fc.oneof(
  fc.constantFrom(
    '',
    'A',
    'a',
    'É',
    'e',
    'ab',
    'AB ',
    ' ab',
    'a%b',
    'a_b',
    'aXb',
    'a\\b',
    'é^A',
    '20260101',
    '2026',
    'x*',
  ),
  fc.string({ unit: fc.constantFrom('a', 'B', 'é', ' ', '%', '_', '-', '1'), maxLength: 4 }),
);

const tagsOf = (level: Level): fc.Arbitrary<Record<string, string>> =>
  fc.dictionary(fc.constantFrom(...VARYING[level]), text);

interface Branch {
  readonly tags: Record<string, string>;
  readonly children: readonly Branch[];
  readonly rows: number;
}

const branch = (depth: number): fc.Arbitrary<Branch> =>
  fc.record({
    tags: tagsOf(LEVELS[depth]!),
    children:
      depth === 3 ? fc.constant([]) : fc.array(branch(depth + 1), { minLength: 1, maxLength: depth === 2 ? 2 : 3 }),
    rows: fc.constantFrom(1, 2, 512),
  });

/** Some patients with what belongs to them. */
export const archive = fc.array(branch(0), { minLength: 1, maxLength: 4 });

/** The resources of a made-up archive, each level in the order in which they come, and the events that store them. */
export function unfold(patients: readonly Branch[]): {
  readonly resources: readonly MadeUpResource[];
  readonly events: readonly EventEnvelope<InstanceStored>[];
} {
  const resources: MadeUpResource[] = [];
  const events: EventEnvelope<InstanceStored>[] = [];
  const visit = ({ tags, children, rows }: Branch, above: readonly MadeUpResource[], path: readonly string[]): void => {
    const [patient = '', study = '', series = '', instance = ''] = path;
    const ids = resourceIds({
      patientId: patient,
      studyInstanceUid: study,
      seriesInstanceUid: series,
      sopInstanceUid: instance,
    });
    const level = LEVELS[path.length - 1]!;
    const own = { ...IDENTIFYING[level](path.at(-1)!), ...tags };
    const id = { Patient: ids.patient, Study: ids.study, Series: ids.series, Instance: ids.instance }[level];
    const resource = { level, id, above, tags: own, rows: firstRows({ tags, children, rows }) };
    resources.push(resource);
    if (level === 'Instance') {
      const all = Object.fromEntries([...above, resource].map((each) => [each.level, each.tags]));
      events.push(withRows(storedEvent({ patient, study, series, instance, tags: all }), rows, all));
    }
    children.forEach((child, index) => visit(child, [...above, resource], [...path, `${path.at(-1)}.${index}`]));
  };
  patients.forEach((each, index) => visit(each, [], [String(index + 1)]));
  return { resources, events };
}

const IDENTIFYING: Readonly<Record<Level, (id: string) => Record<string, string>>> = {
  Patient: (id) => ({ '00100020': id }),
  Study: (id) => ({ '0020000d': id }),
  Series: (id) => ({ '0020000e': id }),
  Instance: (id) => ({ '00080018': id }),
};

function firstRows({ children, rows }: Branch): number {
  return children[0] ? firstRows(children[0]) : rows;
}

/** What the sample would add of its own is taken out again, and a header put in. */
function withRows(
  event: EventEnvelope<InstanceStored>,
  rows: number,
  main: Readonly<Record<string, Readonly<Record<string, string>>>>,
): EventEnvelope<InstanceStored> {
  const tags = JSON.parse(Buffer.from(event.sealed!.tags!, 'base64').toString()) as object;
  const header = encodeHeader({ version: 1, syntax: '1.2', meta: [], dataset: [[0x00280010, 'US', [rows]]] });
  return {
    ...event,
    sealed: {
      ...event.sealed!,
      tags: Buffer.from(JSON.stringify({ ...tags, main })).toString('base64'),
      header: header.toString('base64'),
    },
  };
}
