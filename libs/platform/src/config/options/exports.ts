import { listOf } from '../types/collections.js';
import { oneOf, positiveNumber } from '../types/scalars.js';
import { option, section } from '../option.js';

/** The ways of reading that may leave a trace. */
export const TRACED_READS = ['wado-rs', 'wado-uri', 'ohif', 'file'] as const;

/** What leaves a trace beside what is sent to other servers and downloaded as an archive, which always does. */
export const EXPORT_OPTIONS = section('The trace of what leaves the archive.', {
  Reads: option(
    listOf(oneOf(...TRACED_READS)),
    [],
    'used',
    'Which reads of clients are recorded as exports: "wado-rs" (files, metadata, frames, pictures and bulk data by DICOMweb), "wado-uri", "ohif" (a study as the viewer reads it; its images are read by DICOMweb or as files), "file" (what the REST API hands out: files, attachments, pictures, frames, arrays, documents and values).',
  ),
  ReadsInterval: option(
    positiveNumber,
    10,
    'used',
    'For how long reads of one client are gathered before they are recorded together; a process that is killed takes along those of so long.',
    { unit: 'seconds' },
  ),
});
