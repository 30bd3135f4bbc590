import { boolean, integer, oneOf } from '../types/scalars.js';
import { option } from '../option.js';

/** Searches, jobs, archives and what is logged of them. */
export const SEARCH_AND_JOB_OPTIONS = {
  LimitFindResults: option(
    integer(),
    0,
    'used',
    'The most patients, studies or series one search answers; 0: no limit.',
    {
      unit: 'resources',
    },
  ),
  LimitFindInstances: option(integer(), 0, 'used', 'The most instances one search answers; 0: no limit.', {
    unit: 'instances',
  }),
  CaseSensitivePN: option(
    boolean,
    false,
    'used',
    'Whether searches for person names tell capital letters from small ones.',
  ),
  StorageAccessOnFind: option(
    oneOf('Always', 'Never', 'Answers'),
    'Always',
    'no-effect',
    'Whether a search may read DICOM files for tags that are not in the index: "Always", only for what it answers ("Answers"), or "Never"; here it never does, for all tags are in the index.',
  ),
  ConcurrentJobs: option(
    integer(),
    2,
    'used',
    'How many jobs one server runs at once, in all of its processes; 0: as many as there are cores.',
    {
      unit: 'jobs',
    },
  ),
  SaveJobs: option(
    boolean,
    true,
    'used',
    'Whether jobs are still there after a restart, and go on. If not, a start forgets those of the run before, unless another server of the archive runs jobs meanwhile; the option --no-jobs does the same.',
  ),
  JobsHistorySize: option(integer(), 10, 'used', 'How many ended jobs are remembered.', { unit: 'jobs' }),
  MediaArchiveSize: option(
    integer(),
    1,
    'used',
    'How many archives made by jobs are kept for download; older ones are deleted.',
    {
      unit: 'archives',
    },
  ),
  SynchronousZipStream: option(
    boolean,
    true,
    'used',
    'Whether an archive is sent while it is being made. If not, it is first kept where the DICOM files are: its length is known then, and what fails is answered as an error.',
  ),
  ZipLoaderThreads: option(
    integer(0, 1000),
    0,
    'used',
    'How many files are read and deflated ahead while an archive is made; 0: two more than there are cores.',
    { unit: 'files' },
  ),
  ZipUseUtf8: option(
    boolean,
    false,
    'used',
    'Whether names in archives keep letters beyond ASCII, where a request does not say.',
  ),
  LogExportedResources: option(
    boolean,
    false,
    'used',
    'Whether what is sent to peers and modalities is listed at /exports. It is in the event log, and in /exports/report, in any case.',
  ),
  QueryRetrieveSize: option(integer(), 100, 'planned', 'How many queries to other modalities are remembered.', {
    unit: 'queries',
  }),
  StorageCommitmentReportsSize: option(integer(), 100, 'planned', 'How many storage commitment reports are kept.', {
    unit: 'reports',
  }),
};
