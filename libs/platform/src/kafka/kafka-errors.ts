/**
 * Codes that a broker gives before it writes anything (Kafka protocol guide, "Error Codes"). NOT_LEADER_FOR_PARTITION and
 * UNKNOWN_TOPIC_OR_PARTITION are none of these: a leader that is deposed while it waits for its replicas says so of a batch
 * that it has written, and that the next leader may have.
 */
const NOT_WRITTEN = new Set([
  'LEADER_NOT_AVAILABLE',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'NOT_ENOUGH_REPLICAS',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'CORRUPT_MESSAGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'POLICY_VIOLATION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);
/** Of those, what does not change by itself. */
const LASTING = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'POLICY_VIOLATION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** What a failed send means: surely not in the log, and not to be tried again (or only in parts), or perhaps in it. */
export type SendFailure = 'too-large' | 'refused' | 'not-written' | 'unknown';

/** Sorts the error of a request that was sent. */
export function sendFailure(error: unknown): SendFailure {
  const type = codeOf(error);
  if (type === undefined || !NOT_WRITTEN.has(type)) return 'unknown';
  if (TOO_LARGE.has(type)) return 'too-large';
  return LASTING.has(type) ? 'refused' : 'not-written';
}

/** What a transactional producer is told whose place another one has taken. */
const FENCED = new Set(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH']);

/** Whether a later producer of the same transactional id has taken this one's place (or the broker ended its transaction). */
export function isFenced(error: unknown): boolean {
  return isCausedBy(error, FENCED);
}

/** Whether the broker takes no batch of this size. */
export function isTooLarge(error: unknown): boolean {
  return isCausedBy(error, TOO_LARGE);
}

/** Producers of kafkajs tell what the broker said as the cause of their own error. */
function isCausedBy(error: unknown, codes: ReadonlySet<string>): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (codes.has(codeOf(at) ?? '')) return true;
  return false;
}

/** The broker's own word for what is wrong; undefined where it did not answer. */
export function codeOf(error: unknown): string | undefined {
  const { name, type } = error as { name?: string; type?: unknown };
  // kafkajs gives some of them names of their own
  return name?.startsWith('KafkaJS') && typeof type === 'string' ? type : undefined;
}
