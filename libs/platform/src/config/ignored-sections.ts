/** What to do about a section of an Orthanc plugin that Annal has no counterpart of. */
const DATABASE = 'Annal keeps its index in the database of Annal.Database.Url';
const OBJECT_STORE = 'Annal keeps files in StorageDirectory, or as Annal.Storage says';
const NOT_OFFERED = 'Annal does not offer what this plugin does';
const BUILT_IN = 'Annal has this built in and needs no settings for it';

const IGNORED_SECTIONS = new Map([
  ['PostgreSQL', DATABASE],
  ['MySQL', DATABASE],
  ['Odbc', DATABASE],
  ['AwsS3Storage', OBJECT_STORE],
  ['AzureBlobStorage', OBJECT_STORE],
  ['GoogleCloudStorage', OBJECT_STORE],
  ['AdvancedStorage', OBJECT_STORE],
  ['Gdcm', BUILT_IN],
  ...[
    'Authorization',
    'ConnectivityChecks',
    'DelayedDeletion',
    'Education',
    'Housekeeper',
    'Indexer',
    'MultitenantDicom',
    'Neuro',
    'OrthancExplorer2',
    'OsimisWebViewer',
    'Python',
    'PythonScript',
    'PythonVerbose',
    'ServeFolders',
    'StoneWebViewer',
    'STL',
    'Tcia',
    'Transfers',
    'VolView',
    'WebDav',
    'WebViewer',
    'WholeSlideImaging',
    'Worklists',
    'Wsi',
  ].map((name) => [name, NOT_OFFERED] as const),
]);

/** Why a top-level key of a plugin is ignored; undefined for a key that is no plugin's. */
export function whyIgnored(key: string): string | undefined {
  return IGNORED_SECTIONS.get(key);
}
