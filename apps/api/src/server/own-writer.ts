import type { EventEnvelope, EventWriter, Written } from '@annal/domain';
import { crashPoint } from '@annal/platform';

/** The only worker's way to the log: it writes by itself. */
export class OwnWriter implements EventWriter {
  constructor(private readonly log: EventWriter) {}

  async submit(events: readonly EventEnvelope[]): Promise<Written> {
    await crashPoint('command:before-append');
    const written = await this.log.submit(events);
    await crashPoint('command:after-append');
    return written;
  }
}
