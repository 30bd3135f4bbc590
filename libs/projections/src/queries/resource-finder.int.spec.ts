import { DicomDictionary, MainDicomTags } from '@annal/dicom';
import { depthOf, type Level, LEVELS } from '@annal/domain';
import * as fc from 'fast-check';
import { archive, type MadeUpResource, text, unfold, VARYING } from '../../../../test/support/random-archive.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import type { FindQuery, OrderKey, TagConstraint } from './find-query.js';
import { planFind } from './find-plan.js';
import { HeaderReader } from './header-reader.js';
import { ListPlaces } from './list-places.js';
import { type Match, wordsMatch } from './match.js';
import { ResourceFinder } from './resource-finder.js';
import type { StatementRunner } from './statement.js';

const TAGS = LEVELS.flatMap((level) => VARYING[level]).map((tag) => Number.parseInt(tag, 16));
const ROWS = 0x00280010;
const BIRTH_DATE = 0x00100030;
const MODALITIES_IN_STUDY = 0x00080061;

const plain: fc.Arbitrary<Match> = fc.oneof(
  fc.record({ kind: fc.constant('exact' as const), values: fc.array(text, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('range' as const), from: text, to: text }, { requiredKeys: ['kind'] }),
  fc.record({
    kind: fc.constant('wildcard' as const),
    pattern: fc.array(fc.oneof(text, fc.constantFrom('*', '?')), { maxLength: 4 }).map((parts) => parts.join('')),
  }),
  text.map((words) => wordsMatch(words)).filter((words) => words !== undefined),
);
const match: fc.Arbitrary<Match> = fc.oneof(
  { weight: 4, arbitrary: plain },
  fc.record({ kind: fc.constant('any' as const), of: fc.array(plain, { minLength: 1, maxLength: 3 }) }),
);
const constraint: fc.Arbitrary<TagConstraint> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ tag: fc.constantFrom(...TAGS), match, caseSensitive: fc.boolean() }) },
  fc.record({
    tag: fc.constantFrom(ROWS, MODALITIES_IN_STUDY),
    match: fc.record({
      kind: fc.constant('exact' as const),
      values: fc.array(fc.constantFrom('1', '2', '512', 'a', 'A'), { minLength: 1, maxLength: 2 }),
    }),
    caseSensitive: fc.boolean(),
  }),
);
const query = fc.record(
  {
    level: fc.constantFrom(...LEVELS),
    constraints: fc.array(constraint, { maxLength: 2 }),
    order: fc.array(
      fc.record({
        by: fc.constantFrom(...VARYING.Patient).map((tag) => ({ tag: Number.parseInt(tag, 16) })),
        as: fc.constant('text' as const),
        descending: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    since: fc.nat(5),
    limit: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: ['level', 'constraints'] },
);

describe('searching', () => {
  let test: TestLog;
  let finder: ResourceFinder;
  let statements = 0;
  beforeAll(async () => {
    test = await openTestLog();
    const connection = (await test.session.connect()) as unknown as StatementRunner;
    const runner: StatementRunner = {
      query: (statement) => {
        statements++;
        return connection.query(statement);
      },
    };
    const headers = new HeaderReader(
      runner,
      { read: () => Promise.reject(new Error('no blob')) },
      1_000_000,
      async () => undefined,
    );
    finder = new ResourceFinder(runner, new MainDicomTags(new DicomDictionary()), headers, new ListPlaces(runner, 2));
  });
  afterAll(() => test.close());

  it('finds what a matcher in memory finds, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(archive, fc.array(query, { minLength: 8, maxLength: 16 }), async (patients, queries) => {
        const { resources, events } = unfold(patients);
        await test.log.submit(events);
        try {
          for (const each of queries) {
            expect(await finder.identifiers(each)).toEqual(naiveFind(resources, each));
            if (each.constraints.every(({ tag }) => tag !== ROWS)) {
              expect(await finder.count(each)).toBe(
                naiveFind(resources, { ...each, since: 0, limit: undefined }).length,
              );
            }
          }
        } finally {
          await test.session.execute('TRUNCATE patients, studies, series, instances, headers, changes');
          await test.session.execute('UPDATE folded_position SET removed_seq = change_seq');
        }
      }),
      { numRuns: 40 },
    );
  });

  it('finds Georgian names in small letters by capitals and by small ones, whatever the age of the database', async () => {
    const names = { small: 'აბგ^Nino', capital: 'ᲐᲑᲒ^NINO' };
    for (const [patient, name] of Object.entries(names)) {
      await test.log.submit([
        storedEvent({
          patient,
          study: `2.${patient}`,
          series: `3.${patient}`,
          instance: `4.${patient}`,
          tags: { Patient: { '00100010': name }, Study: { '00080090': name } },
        }),
      ]);
    }
    const find = async (tag: number, how: Match, caseSensitive = false): Promise<number> =>
      (await finder.identifiers({ level: 'Study', constraints: [{ tag, match: how, caseSensitive }] })).length;
    // one tag has a column of normalised text, the other has none
    for (const tag of [0x00100010, 0x00080090]) {
      for (const name of Object.values(names)) {
        expect(await find(tag, { kind: 'exact', values: [name] })).toBe(2);
        expect(await find(tag, { kind: 'wildcard', pattern: `${name.slice(0, 2)}*` })).toBe(2);
        expect(await find(tag, wordsMatch(name)!)).toBe(2);
        expect(await find(tag, { kind: 'exact', values: [name] }, true)).toBe(1);
      }
    }
    await test.session.execute('TRUNCATE patients, studies, series, instances, headers, changes');
  });

  it('answers each of many that look for an identifier at once with what is theirs, in fewer statements', async () => {
    const accession = (value: string): FindQuery => ({
      level: 'Study',
      constraints: [{ tag: 0x00080050, match: { kind: 'exact', values: [value] }, caseSensitive: false }],
    });
    const values = ['a', "o'k", '"q"', '$1', '$2 $1', 'back\\', '{"a":[1]}', 'x,y', 'é', 'ß', '😀', '*'];
    for (const [index, value] of values.entries()) {
      const at = { patient: `P${index % 3}`, study: `2.${index}`, series: `3.${index}`, instance: `4.${index}` };
      await test.log.submit([storedEvent({ ...at, tags: { Study: { '00080050': value } } })]);
    }
    const asked = [...values, ...values, '', 'b', 'A', '\0', '\ud83d', "';--"].map(accession);
    const alone: (readonly string[])[] = [];
    for (const each of asked) alone.push(await finder.identifiers(each));
    expect(alone.map((ids) => ids.length)).toEqual([...values, ...values].map(() => 1).concat(0, 0, 1, 0, 0, 0));
    expect(alone[asked.length - 4]).toEqual(alone[0]);
    const before = statements;
    expect(await Promise.all(asked.map((each) => finder.identifiers(each)))).toEqual(alone);
    expect(statements - before).toBeLessThan(asked.length);
    const versions = await Promise.all(asked.map((each) => finder.versions(each)));
    expect(versions.map((each) => each.length)).toEqual(alone.map((ids) => ids.length));
    expect(new Set(versions.flat()).size).toBe(values.length);
    await test.session.execute('TRUNCATE patients, studies, series, instances, headers, changes');
  });

  it('reads many resources of one identifier whole, for whoever asks for them alone', async () => {
    const studies = 130;
    const stored = Array.from({ length: studies }, (_, n) =>
      storedEvent({
        patient: n < studies - 1 ? 'ANON' : 'RARE',
        study: `2.${n}`,
        series: `3.${n}`,
        instance: `4.${n}`,
      }),
    );
    await test.log.submit(stored);
    const find = async (value: string, limit?: number, since?: number): Promise<number> =>
      (
        await finder.identifiers({
          level: 'Study',
          constraints: [{ tag: 0x00100020, match: { kind: 'exact', values: [value] }, caseSensitive: false }],
          limit,
          since,
        })
      ).length;
    const asked = [find('ANON'), find('RARE'), find('ANON', 1_000_001), find('ANON', 110), find('ANON', 100)];
    expect(await Promise.all([...asked, find('ANON', 101, 50), find('none')])).toEqual([
      studies - 1,
      1,
      studies - 1,
      110,
      100,
      79,
      0,
    ]);
    await test.session.execute('TRUNCATE patients, studies, series, instances, headers, changes');
  });

  it.each([
    ['a UID with a letter, which only the texts of all resources tell', 0x0020000d, 'abc', {}],
    ['an identifier that is a tag of another level here', 0x00080050, 'a', { Series: ['AccessionNumber'] }],
  ])('does not make others wait for %s', async (_, tag, value, extra) => {
    const tags = new MainDicomTags(new DicomDictionary(), extra);
    const of = (wanted: string, at: Level): FindQuery => ({
      level: at,
      constraints: [{ tag, match: { kind: 'exact', values: [wanted] }, caseSensitive: false }],
    });
    const level = tag === 0x00080050 ? 'Series' : 'Study';
    expect(planFind(of(value, level), tags).selection.isByIdentifier).toBe(false);
    expect(planFind(of('1', 'Study'), new MainDicomTags(new DicomDictionary())).selection.isByIdentifier).toBe(true);
  });

  it('looks within a patient, a study, a series', async () => {
    const { resources, events } = unfold(fc.sample(archive, { numRuns: 1, seed: 7 })[0]!);
    await test.log.submit(events);
    for (const { level, id } of resources) {
      const found = await finder.identifiers({ level: 'Instance', constraints: [], within: { [level]: id } });
      const below = resources.filter(
        (each) => each.level === 'Instance' && [...each.above, each].some((a) => a.id === id),
      );
      expect(found).toEqual(below.map((each) => each.id));
    }
    const study = resources.find(({ level }) => level === 'Study')!;
    const upwards = finder.identifiers({ level: 'Patient', constraints: [], within: { Study: study.id } });
    await expect(upwards).rejects.toThrow('does not contain');
  });
});

function naiveFind(resources: readonly MadeUpResource[], asked: FindQuery): string[] {
  const found = resources
    .filter(({ level }) => level === asked.level)
    .filter((resource) => asked.constraints.every((each) => naiveMatches(resources, resource, each)))
    .map((resource, index) => ({ resource, index }));
  found.sort((a, b) => naiveOrder(a.resource, b.resource, asked.order ?? []) || a.index - b.index);
  const since = asked.since ?? 0;
  return found.slice(since, since + (asked.limit ?? Infinity)).map(({ resource }) => resource.id);
}

function naiveMatches(resources: readonly MadeUpResource[], resource: MadeUpResource, wanted: TagConstraint): boolean {
  const { tag, match: how, caseSensitive } = wanted;
  const fold = (each: string): string => (caseSensitive ? each : each.toUpperCase());
  return textsOf(resources, resource, tag).some((value) => naiveMeets(value, how, fold));
}

function naiveMeets(value: string, how: Match, fold: (text: string) => string): boolean {
  switch (how.kind) {
    case 'exact':
      return how.values.map(fold).includes(fold(value));
    case 'range':
      return (how.from ?? '') <= value && (how.to === undefined || value <= how.to);
    case 'wildcard': {
      const source = fold(how.pattern)
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '[^]*')
        .replace(/\?/g, '[^]');
      return new RegExp(`^${source}$`).test(fold(value));
    }
    case 'words': {
      const text = ` ${value
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .toUpperCase()}`.replace(/[=^,.'-]/g, ' ');
      return how.words.every((word) => text.includes(` ${word}`));
    }
    case 'any':
      return how.of.some((each) => naiveMeets(value, each, fold));
  }
}

/** The texts of a tag as far as a search at the resource's level sees them. */
function textsOf(resources: readonly MadeUpResource[], resource: MadeUpResource, tag: number): string[] {
  const hex = tag.toString(16).padStart(8, '0');
  if (tag === ROWS) return [String(resource.rows)];
  if (tag === MODALITIES_IN_STUDY) {
    if (resource.level !== 'Study') return [];
    return resources
      .filter(({ level, above }) => level === 'Series' && above.includes(resource))
      .map(({ tags }) => tags['00080060'] ?? '')
      .filter((modality) => modality !== '');
  }
  const home = LEVELS.find((level: Level) => VARYING[level].includes(hex))!;
  const holder = [...resource.above, resource].find(({ level }) => level === home);
  const value = holder && depthOf(home) <= depthOf(resource.level) ? holder.tags[hex] : undefined;
  return value === undefined ? [] : [value];
}

function naiveOrder(a: MadeUpResource, b: MadeUpResource, order: readonly OrderKey[]): number {
  for (const { by, descending } of order) {
    const { tag } = by as { tag: number };
    // dates and UIDs know no upper and lower case
    const fold = (each?: string): string | undefined => (tag === BIRTH_DATE ? each : each?.toUpperCase());
    const [x, y] = [a, b].map((each) => fold(textsOf([], each, tag)[0]));
    if (x === y) continue;
    // what is absent is less than everything
    return (x === undefined || (y !== undefined && x < y) ? -1 : 1) * (descending ? -1 : 1);
  }
  return 0;
}
