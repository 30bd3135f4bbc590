import type { AnnalConfiguration } from '@annal/platform';
import type { RemainingBounds } from './retrieve/remaining.js';
import type { RetrieveBounds } from './retrieve/retrieve-job.js';
import type { StowBounds } from './stow/stow-job.js';

const MIB = 1024 * 1024;
/** What a step sends: a few seconds of work. */
const STEP = { files: 500, bytes: 256 * MIB };
/** What a request sends: few enough that several connections share the work of a study. */
const REQUEST = { files: 50, bytes: 16 * MIB };
const RETRIEVE_STEP_MS = 5000;

/** What bounds the work of the client's jobs, by the configuration. */
export function boundsOf(configuration: AnnalConfiguration): {
  stow: StowBounds;
  retrieve: RetrieveBounds;
  remaining: RemainingBounds;
} {
  const { Annal, DicomWeb, Name } = configuration;
  const { Limits, DicomWebClientRequests: atOnce } = Annal;
  const { StowMaxInstances, StowMaxSize } = DicomWeb;
  const answer = { answer: Limits.MaxRemoteAnswerSize, depth: Limits.MaxJsonDepth };
  return {
    stow: {
      step: STEP,
      request: {
        files: StowMaxInstances === 0 ? REQUEST.files : Math.min(StowMaxInstances, REQUEST.files),
        bytes: StowMaxSize === 0 ? REQUEST.bytes : Math.min(StowMaxSize * MIB, REQUEST.bytes),
      },
      atOnce,
      ...answer,
    },
    retrieve: {
      parts: Limits.MaxMultipartParts,
      headerSize: Limits.MaxMultipartHeaderSize,
      size: Limits.MaxRetrievedSize,
      atOnce,
      stepTime: RETRIEVE_STEP_MS,
      listed: Limits.MaxJobResources,
      source: Name,
    },
    remaining: { ...answer, instances: Limits.MaxMultipartParts },
  };
}
