import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurationPage } from './documents/configuration-page.js';
import { defaultConfigurationFile } from './documents/default-file.js';
import { flatten } from './documents/describe.js';
import { type JsonValue } from './json.js';
import { OPTION_GROUPS, OPTIONS } from './options/index.js';
import { EVERY_KEY } from './testing/every-key.js';
import { TemporaryConfiguration } from './testing/temporary-configuration.js';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

describe('what is made of the options', () => {
  let files: TemporaryConfiguration;
  beforeAll(() => {
    files = new TemporaryConfiguration();
  });
  afterAll(() => files.remove());

  it('is the page docs/configuration.md (if this fails: npm run docs:configuration)', () => {
    expect(readFileSync(join(REPOSITORY, 'docs/configuration.md'), 'utf8')).toBe(configurationPage());
  });

  it('is a commented default file that says what an empty one says', () => {
    const loaded = files.loadContent(defaultConfigurationFile());
    expect(loaded.errors).toEqual([]);
    expect(loaded.warnings).toEqual([]);
    expect(loaded.configuration).toEqual(files.loadContent({}).configuration);
  });

  it('calls no option used that no code reads', () => {
    const sources = ['apps', 'libs']
      .flatMap((folder) => readdirSync(join(REPOSITORY, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/\/config\/(options|testing)\//.test(path))
      .map((path) => readFileSync(path, 'utf8'));
    const words = new Set(sources.flatMap((source) => source.match(/\w+/g) ?? []));
    const used = flatten(OPTIONS).filter(({ option }) => option.status === 'used');
    expect(used.length).toBeGreaterThan(50);
    expect(used.map(({ path }) => path).filter((path) => !words.has(path.split('.').at(-1)!))).toEqual([]);
  });

  it('has every option in one chapter', () => {
    const chapters = OPTION_GROUPS.flatMap(({ options }) => flatten(options).map(({ path }) => path));
    expect(chapters.sort()).toEqual(
      flatten(OPTIONS)
        .map(({ path }) => path)
        .sort(),
    );
  });

  it('has a default of the right type for each option, and a description that ends a sentence', () => {
    for (const { path, option } of flatten(OPTIONS)) {
      const problems: string[] = [];
      if (option.default !== undefined)
        option.type.read(JSON.parse(JSON.stringify(option.default)) as JsonValue, path, problems);
      expect(problems).toEqual([]);
      expect(option.description).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe("the configuration of Orthanc's test tool", () => {
  let files: TemporaryConfiguration;
  beforeAll(() => {
    files = new TemporaryConfiguration();
  });
  afterAll(() => files.remove());

  it('is accepted key for key, plugins reported', () => {
    expect(Object.keys(EVERY_KEY)).toHaveLength(109);
    const { configuration, errors, warnings } = files.loadContent(EVERY_KEY);
    expect(errors).toEqual([]);
    expect(warnings.filter((warning) => warning.includes('no known option'))).toEqual([]);
    const plugins = ['Gdcm', 'MySQL', 'Odbc', 'PostgreSQL', 'WholeSlideImaging', 'Worklists'];
    const ignored = warnings.filter((warning) => warning.includes(' is ignored: '));
    expect(ignored.map((warning) => warning.split(' ')[0]).sort()).toEqual(plugins);
    expect(configuration).toMatchObject({
      RemoteAccessAllowed: true,
      AuthenticationEnabled: true,
      RegisteredUsers: { bob: 'hidden' },
      StorageDirectory: join(files.folder, 'Store'),
      IndexDirectory: join(files.folder, 'Store'),
    });
  });

  const real = join(REPOSITORY, '../shared/reference/orthanc-test-configuration.json');
  const present = existsSync(real);
  (present ? it : it.skip)(`is accepted as it is (${present ? '' : 'SKIPPED, no file '}${real})`, () => {
    const content = readFileSync(real, 'utf8');
    expect(Object.keys(JSON.parse(content) as object).sort()).toEqual(Object.keys(EVERY_KEY).sort());
    const { configuration, errors } = files.loadContent(content);
    expect(errors).toEqual([]);
    expect(configuration?.RegisteredUsers).toEqual({ alice: 'orthanctest' });
  });
});
