import { integer, positiveNumber } from '../types/scalars.js';
import { option, section } from '../option.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

const bytes = (limit: number, description: string) => option(integer(1), limit, 'used', description, { unit: 'bytes' });
const count = (limit: number, unit: string, description: string) =>
  option(integer(1), limit, 'used', description, { unit });
const seconds = (limit: number, description: string) =>
  option(positiveNumber, limit, 'used', description, { unit: 'seconds' });

/** Hard limits on what others send, and on how long anything is waited for. */
export const LIMIT_OPTIONS = section('Hard limits on what others send, and on how long anything is waited for.', {
  MaxBodySize: bytes(16 * GIB, 'The largest request body: an upload as it arrives.'),
  MaxJsonBodySize: bytes(64 * MIB, 'The largest JSON body.'),
  MaxJsonDepth: count(256, 'levels', 'The deepest nesting of a JSON body.'),
  MaxInflatedSize: bytes(
    16 * GIB,
    'The largest size of a compressed body, archive or deflated data set once inflated.',
  ),
  MaxInflateRatio: count(
    250,
    'times',
    'The largest ratio of inflated to compressed size, looked at beyond 16 MiB inflated.',
  ),
  MaxZipEntries: count(100_000, 'entries', 'The most entries of an uploaded archive.'),
  MaxZipEntrySize: bytes(4 * GIB, 'The largest inflated size of one entry.'),
  MaxDicomDepth: count(128, 'levels', 'The deepest nesting of sequences in a data set.'),
  MaxDicomElements: count(
    1_000_000,
    'elements',
    'The most elements of a data set, nested ones included, pixel data apart.',
  ),
  MaxDicomValueLength: bytes(256 * MIB, 'The longest value of one element, pixel data apart.'),
  MaxDicomHeaderSize: bytes(512 * MIB, 'The largest part of a DICOM file in front of its pixel data.'),
  MaxHeaderSize: bytes(16 * KIB, 'The largest header of an HTTP request, all lines together.'),
  MaxMultipartParts: count(50_000, 'parts', 'The most parts of a multipart body.'),
  MaxMultipartHeaderSize: bytes(16 * KIB, 'The largest header of one part.'),
  MaxAttachmentSize: bytes(4 * GIB, 'The largest file that users attach to a resource, inflated.'),
  MaxAttachments: count(1000, 'attachments', 'The most files that users attach to one resource.'),
  MaxConcurrentUploads: count(64, 'uploads', 'The most uploads one worker process receives at once; more wait.'),
  MaxQueryResults: count(
    1_000_000,
    'resources',
    'The most resources one answer of a list or search has, whatever was asked for.',
  ),
  MaxQueryParameters: count(200, 'parameters', 'The most parameters of a search by QIDO-RS.'),
  MaxQueryAttributes: count(500, 'attributes', 'The most attributes that a search by QIDO-RS asks for.'),
  MaxTracedReads: count(
    5000,
    'resources',
    'The most resources that one worker process remembers as read before it records that.',
  ),
  MaxFrameSize: bytes(512 * MIB, 'The largest frame of pixel data, encoded or decoded.'),
  MaxTranscodedSize: bytes(
    4 * GIB,
    'The largest pixel data of a file that is put into another transfer syntax, all frames decoded.',
  ),
  MaxWaitingFrames: count(1000, 'frames', 'The most frames that wait in one worker process until others are decoded.'),
  MaxFrameList: count(8192, 'frames', 'The most frames that one request of DICOMweb lists.'),
  MaxPictureSize: count(
    64 * MIB,
    'pixels',
    'The largest picture that `/rendered` is asked for in another size than that of the frame.',
  ),
  MaxAnimationSize: count(16 * MIB, 'pixels', 'The largest GIF of all frames of an image, all of its frames together.'),
  MaxArraySize: bytes(16 * GIB, 'The largest array of `/numpy`.'),
  DecodeTimeout: seconds(
    60,
    'How long the decoding or encoding of one frame may take, and inflating a deflated file up to it.',
  ),
  MaxMetadataSize: option(
    integer(1, 512 * KIB),
    256 * KIB,
    'used',
    'The largest value of a metadata that users define.',
    {
      unit: 'bytes',
    },
  ),
  MaxMetadataPerResource: option(
    integer(1, 256),
    100,
    'used',
    'The most metadata that users define for one patient, study, series or instance.',
    { unit: 'metadata' },
  ),
  MaxLabelLength: option(integer(1, 256), 64, 'used', "The longest label; Orthanc's own is 64.", {
    unit: 'characters',
  }),
  MaxLabelsPerResource: option(
    integer(1, 10_000),
    1_000,
    'used',
    'The most labels that one patient, study, series or instance bears.',
    { unit: 'labels' },
  ),
  MaxArchiveEntries: count(
    1_000_000,
    'instances',
    'The most instances of one archive, and the most resources one is asked for.',
  ),
  MaxConcurrentArchives: count(16, 'archives', 'The most archives one worker process makes at once; more wait.'),
  MaxQueuedJobs: count(100_000, 'jobs', 'The most jobs that have not ended; more are refused.'),
  MaxJobResources: option(
    integer(1, 10_000),
    10_000,
    'used',
    'The most resources one job is asked for by their identifiers, which its events hold. Many more would not fit into a message of Kafka, whichever the log is.',
    { unit: 'resources' },
  ),
  MaxJobOutputSize: bytes(256 * GIB, 'The largest archive that a job makes; a larger one fails.'),
  MaxRemoteAnswerSize: bytes(
    64 * MIB,
    'The largest answer of another server that is read as a whole, such as that of a search.',
  ),
  MaxRetrievedSize: bytes(
    256 * GIB,
    'The largest answer of another DICOMweb server that a job stores the instances of.',
  ),
  MetadataCacheSize: bytes(
    96 * MIB,
    'The most memory one worker process takes to keep DICOMweb metadata ready; beyond it, what was asked for longest ago is made anew.',
  ),
  ViewerCacheSize: bytes(
    16 * MIB,
    'The most memory one worker process takes to keep what the OHIF viewer reads of studies ready; beyond it, what was asked for longest ago is made anew.',
  ),
  ImageCacheSize: bytes(
    32 * MIB,
    'The most memory one worker process takes to remember how the frames of images are found; beyond it, the header of what was asked for longest ago is read anew.',
  ),
  ParseTimeout: seconds(60, 'How long the parsing of one DICOM file, or of metadata in a STOW-RS request, may take.'),
  HeaderTimeout: seconds(60, 'How long a client may take to send the header of a request.'),
  RequestTimeout: seconds(3600, 'How long a client may take to send a whole request.'),
  WriterTimeout: seconds(
    30,
    'How long the outcome of a write is looked for when the answer of the event log was lost, before a request answers that it is unknown.',
  ),
  VisibilityTimeout: seconds(
    30,
    'How long a request waits until what it wrote can be read, before it answers that it is durable but not yet visible. With the PostgreSQL log it is visible at once.',
  ),
  RecyclingTimeout: seconds(60, 'How long an upload waits for recycling to make room.'),
  ShutdownTimeout: seconds(30, 'How long a stop waits for requests in flight.'),
});
