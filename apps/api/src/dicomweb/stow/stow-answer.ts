import type { DicomJsonAttribute, DicomJsonDataSet } from '@annal/dicomweb';
import type { ClaimedInstance, InstanceUids } from '@annal/projections';
import { resourcePath } from '../common/web-paths.js';
import { isDiscarded, type StowOutcome } from './stow-outcome.js';

/** Warning Reason (0008,1196): Elements Discarded. The instance was there already, with other bytes. */
const ELEMENTS_DISCARDED = 0xb006;

/** What the answer of a request is made with. */
export interface AnswerOptions {
  /** The URL of the services, with a slash at its end. */
  readonly base: string;
  /** The character set that the answer names; all of it is ASCII. */
  readonly characterSet: string;
  /** Whether failures of parts that do not say which instance they are get a sequence of their own (0008,119A). */
  readonly otherFailures: boolean;
}

/** The answer to a request (PS3.18 section 10.5.3.1, Store Instances Response Module of PS3.3 table C.38-1). */
export function stowAnswer(outcomes: readonly StowOutcome[], options: AnswerOptions): DicomJsonDataSet {
  const { base, characterSet, otherFailures } = options;
  const failures = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []));
  const failed = failures.flatMap(({ claimed, reason }) =>
    claimed ? [{ ...reference(claimed), '00081197': attribute('US', reason) }] : [],
  );
  const others = failures.flatMap(({ claimed, reason }) => (claimed ? [] : [{ '00081197': attribute('US', reason) }]));
  const stored = outcomes.flatMap((outcome) => ('stored' in outcome ? [{ ...outcome, outcome }] : []));
  const [first] = stored;
  return {
    '00080005': attribute('CS', characterSet),
    ...(first && { '00081190': attribute('UR', base + resourcePath({ study: first.uids.studyInstanceUid })) }),
    ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed } }),
    '00081199': {
      vr: 'SQ',
      ...(stored.length > 0 && {
        Value: stored.map(({ uids, outcome }) => ({
          ...reference(uids),
          '00081190': attribute('UR', urlOfInstance(base, uids)),
          ...(isDiscarded(outcome) && { '00081196': attribute('US', ELEMENTS_DISCARDED) }),
        })),
      }),
    },
    ...(otherFailures && others.length > 0 && { '0008119A': { vr: 'SQ', Value: others } }),
  };
}

function attribute(vr: string, value: string | number): DicomJsonAttribute {
  return { vr, Value: [value] };
}

function reference({ sopClassUid, sopInstanceUid }: ClaimedInstance): DicomJsonDataSet {
  return { '00081150': attribute('UI', sopClassUid), '00081155': attribute('UI', sopInstanceUid) };
}

function urlOfInstance(base: string, uids: InstanceUids): string {
  const { studyInstanceUid: study, seriesInstanceUid: series, sopInstanceUid: instance } = uids;
  return base + resourcePath({ study, series, instance });
}
