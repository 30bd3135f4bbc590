import {
  AppendUnknown,
  envelope,
  type EventContext,
  type EventWriter,
  NotYetVisible,
  type PatientRecycled,
} from '@annal/domain';
import type { Queryable } from '../queryable.js';
import {
  couldHaveRoomSql,
  hasRoomSql,
  LIVE_RESERVATIONS,
  type MadeRoom,
  type StorageLimits,
  type WantedRoom,
} from './storage-room.js';

/** Makes room by giving up the patient that was longest without anything new, but for those who are protected. */
export class Recycler {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Queryable,
    private readonly writer: EventWriter,
    private readonly limits: StorageLimits,
  ) {}

  /**
   * Recycles one patient, neither the one that room is wanted for nor one that an upload under way belongs to; none
   * where there is room by now. One wish after the other, so that several at once don't give up more than they need.
   */
  makeRoom(wanted: WantedRoom, context: EventContext): Promise<MadeRoom> {
    const next = this.last.then(() => this.run(wanted, context));
    this.last = next.catch(() => undefined);
    return next;
  }

  private async run(wanted: WantedRoom, context: EventContext): Promise<MadeRoom> {
    const { rows } = await this.database.query<Candidate>(candidateSql(this.limits, wanted), [wanted.patientId]);
    const { enough, possible, waiting, id, updated_pos: asOf } = rows[0]!;
    if (enough) return 'retry';
    if (!possible) return 'none';
    if (id === null) return waiting ? 'wait' : 'none';
    const recycled = { type: 'annal.patient.recycled.v1', data: { id, asOf } } as const;
    try {
      await this.writer.submit([envelope<PatientRecycled>(recycled, `patients/${id}`, context)]);
      return 'retry';
    } catch (error) {
      // that this may have happened, or will be seen later, says nothing about the upload that wants the room
      if (error instanceof NotYetVisible || error instanceof AppendUnknown) return 'wait';
      throw error;
    }
  }
}

interface Candidate {
  readonly enough: boolean;
  /** Whether there would be room if all were given up that may be. */
  readonly possible: boolean;
  /** Whether uploads are under way, whose patients may be given up afterwards. */
  readonly waiting: boolean;
  readonly id: string | null;
  readonly updated_pos: number;
}

function candidateSql(limits: StorageLimits, wanted: WantedRoom): string {
  return `SELECT ${hasRoomSql(limits, wanted)} AS enough, ${couldHaveRoomSql(limits, wanted)} AS possible,
      EXISTS (SELECT 1 FROM ${LIVE_RESERVATIONS}) AS waiting,
      oldest.id, oldest.updated_pos
    FROM (SELECT 1) one LEFT JOIN (
      SELECT id, updated_pos FROM patients
        WHERE NOT protected AND id <> $1 AND id NOT IN (SELECT patient_id FROM ${LIVE_RESERVATIONS})
        ORDER BY updated_pos LIMIT 1) oldest ON true`;
}
