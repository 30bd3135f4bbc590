import { envelope, type EventContext, type EventWriter, type PatientRecycled } from '@annal/domain';
import type { Queryable } from '../queryable.js';

/** Makes room by giving up the patient that was longest without anything new. */
export class Recycler {
  constructor(
    private readonly database: Queryable,
    private readonly writer: EventWriter,
  ) {}

  /** Recycles one patient, none that an upload under way belongs to; false when there is none to give up. */
  async run(context: EventContext): Promise<boolean> {
    const { rows } = await this.database.query<{ id: string; updated_pos: number }>(OLDEST);
    const [patient] = rows;
    if (!patient) return false;
    await this.writer.submit([
      envelope<PatientRecycled>(
        { type: 'annal.patient.recycled.v1', data: { id: patient.id, asOf: patient.updated_pos } },
        `patients/${patient.id}`,
        context,
      ),
    ]);
    return true;
  }
}

const OLDEST = `SELECT id, updated_pos FROM patients
  WHERE id NOT IN (SELECT patient_id FROM reservations WHERE at > now() - interval '1 hour')
  ORDER BY updated_pos LIMIT 1`;
