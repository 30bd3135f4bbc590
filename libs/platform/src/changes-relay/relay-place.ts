import type { KafkaPartition } from '../kafka/kafka-partition.js';
import { changeOf, fromChangeRecord } from './change-record.js';
import type { ChangesFeed } from './changes-feed.js';

/** The topic holds what this archive has not, or not like this: nothing is published until somebody puts that right. */
export class RelayRefused extends Error {
  override readonly name = 'RelayRefused';
}

/**
 * The Seq up to which a topic has the changes of a feed; 0: none. Only who has fenced its predecessor may go on from
 * there.
 * @param remembered the Seq that was known to be published: of use where retention has removed all records since
 * @throws RelayRefused
 */
export async function findPlace(
  partition: KafkaPartition,
  feed: ChangesFeed,
  logId: string,
  remembered: number,
): Promise<number> {
  const record = await partition.lastCommitted();
  if (!record) {
    // a topic that begins at 0 is new, and gets everything
    const place = (await partition.begin()) > 0 ? remembered : 0;
    const last = await feed.last();
    if (place > last) throw new RelayRefused(ahead(place, last));
    return place;
  }
  const published = fromChangeRecord(record);
  if (!published) throw new RelayRefused('The topic ends with a record that is no change: somebody else writes to it');
  const { logId: other, change } = published;
  if (other !== logId) {
    throw new RelayRefused(`The topic has the changes of the event log ${other}, not of ${logId}: give another name`);
  }
  const row = await feed.at(change.Seq);
  if (!row) throw new RelayRefused(ahead(change.Seq, await feed.last()));
  const own = changeOf(row);
  if (own.ChangeType !== change.ChangeType || own.ID !== change.ID || own.Position !== change.Position) {
    throw new RelayRefused(`The topic and the changes feed tell different histories at Seq ${change.Seq}`);
  }
  return change.Seq;
}

function ahead(published: number, last: number): string {
  return `The topic is ahead of the changes feed: it has Seq ${published}, the feed ends at ${last}. Was an older database restored?`;
}
