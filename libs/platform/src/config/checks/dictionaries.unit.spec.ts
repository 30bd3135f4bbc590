import { TemporaryConfiguration } from '../testing/temporary-configuration.js';

describe('dictionaries and the tags that need them', () => {
  let files: TemporaryConfiguration;
  beforeAll(() => {
    files = new TemporaryConfiguration();
  });
  afterAll(() => files.remove());
  const load = (content: object) => files.loadContent(content);

  it('refuses each tag of ExtraMainDicomTags that no dictionary knows, by level and name', () => {
    const ExtraMainDicomTags = { Patient: ['PatientAge', 'Foo'], Series: ['0018,1041', 'bar'] };
    expect(load({ ExtraMainDicomTags }).errors).toEqual([
      'ExtraMainDicomTags.Patient: no dictionary knows the tag Foo. Correct its name, or add the tag to Dictionary',
      'ExtraMainDicomTags.Series: no dictionary knows the tag bar. Correct its name, or add the tag to Dictionary',
    ]);
  });

  it('takes names that Dictionary and dictionary files add', () => {
    files.write('site.dic', '(0021,"SITE",01)\tLO\tFromFile\t1\tsite\n');
    const { errors } = load({
      Dictionary: { '0009,1001': ['LO', 'FromSite', 1, 1, 'SITE'] },
      ExternalDictionaries: ['site.dic'],
      ExtraMainDicomTags: { Study: ['FromSite', 'FromFile'] },
    });
    expect(errors).toEqual([]);
  });

  it('refuses entries and files that are no dictionary', () => {
    expect(load({ Dictionary: { '0009,10': ['LO', ''] } }).errors).toEqual([
      'Dictionary: 0009,10 needs a value representation and a name',
    ]);
    files.write('none.dic', '# a comment\nnothing\n');
    expect(load({ ExternalDictionaries: ['none.dic'] }).errors).toEqual([
      expect.stringMatching(/^ExternalDictionaries: .*none\.dic cannot be read: no dictionary entry in line 2$/),
    ]);
  });
});
