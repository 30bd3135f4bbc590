import type { ControlLog, EventLog } from '@annal/domain';
import { type DatabaseConfig, type ParkedEvent, parkedEvents, Projector, Session } from '@annal/platform';
import type { ProjectorOptions } from '@annal/platform';
import { captureLog, type CapturedLog } from './captured-log.js';
import { until } from './processes.js';

/** Read models that projectors of a test fold a log into. */
export class TestProjection {
  /** What the projectors have to say. */
  readonly said: CapturedLog = captureLog();
  /** A session on the read models. */
  readonly session: Session;
  private readonly projectors: Projector[] = [];

  constructor(
    private readonly database: DatabaseConfig,
    readonly log: EventLog,
    readonly control: ControlLog,
  ) {
    this.session = new Session(database, 'test projection');
  }

  /** Starts a projector, as another process would be one. */
  start(options: ProjectorOptions & { readonly log?: EventLog; readonly database?: DatabaseConfig } = {}): Projector {
    const { log = this.log, database = this.database, ...rest } = options;
    const projector = new Projector(database, log, this.control, this.said.logger, rest);
    this.projectors.push(projector);
    projector.start();
    return projector;
  }

  /** How far the read models are. */
  async offset(): Promise<number> {
    const [[row] = []] = await this.session.execute('SELECT "offset" FROM folded_position');
    return row!.offset as number;
  }

  /** Resolves once everything up to an offset is folded, by default up to the log's end. */
  async folded(offset?: number): Promise<void> {
    const wanted = offset ?? (await this.log.end()).offset;
    await until(async () => (await this.offset()) >= wanted);
  }

  /** Resolves once an event stands in the way. */
  async parked(): Promise<ParkedEvent> {
    let found: readonly ParkedEvent[] = [];
    await until(async () => (found = await parkedEvents(this.session)).length > 0);
    return found[0]!;
  }

  /** Resolves once somebody complained. */
  async complaint(pattern: RegExp): Promise<void> {
    await until(() => this.said.complaints.some((line) => pattern.test(line)));
  }

  /** Stops all projectors. */
  async close(): Promise<void> {
    await Promise.all(this.projectors.map((projector) => projector.stop()));
    await this.control.close();
    await this.session.reset();
  }
}
