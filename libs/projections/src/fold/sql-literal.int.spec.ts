import { Session } from '@annal/platform';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { sqlJson, sqlText, sqlTextArray } from './sql-literal.js';

/** Any text without NUL, with a liking for what ends a quotation. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(fc.constantFrom('$', '$$', '$q', '$q0', "'", '"', '\\', '{', '}', ',', ';', '--', '\n'), fc.string()),
    )
    .map((parts) => parts.join('')),
);
const withoutNul = text.filter((value) => !value.includes('\0'));

describe('SQL literals', () => {
  let database: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    database = await openTestDatabase();
    session = new Session(database.connection, 'test', { schema: 'public' });
  });
  afterAll(async () => {
    await session.reset();
    await database.close();
  });
  const select = async (sql: string): Promise<unknown> =>
    (await session.execute(`SELECT ${sql} AS value`))[0]![0]!.value;

  it('give back any text', async () => {
    await fc.assert(
      fc.asyncProperty(withoutNul, async (value) => {
        expect(await select(sqlText(value))).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  it('give back a text that has the quotation itself in it', async () => {
    const [tag] = sqlText('').match(/^\$q[0-9a-f]+\$/)!;
    for (const value of [tag, `${tag}; DROP TABLE x`, tag.slice(0, -1), `a${tag}b${tag}`]) {
      expect(await select(sqlText(value))).toBe(value);
    }
  });

  it('give back any list of texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(withoutNul), async (values) => {
        expect(await select(sqlTextArray(values))).toEqual(values);
      }),
      { numRuns: 100 },
    );
  });

  it('give back any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await select(sqlJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 100 },
    );
  });

  it('refuse NUL', () => {
    expect(() => sqlText('a\0b')).toThrow(RangeError);
  });
});
