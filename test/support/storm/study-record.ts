import type { SampleFile } from '../sample-study.js';

type Known = 'there' | 'gone' | 'unknown';

/**
 * What the clients know of a study from the answers they got, and so what the archive must and must not have of it. One
 * client at a time works on a study; what was not answered may still take effect at any time up to the next check.
 */
export class StudyRecord {
  private readonly known: Map<SampleFile, Known>;
  /** Uploads without an answer. */
  private readonly unanswered = new Set<SampleFile>();
  /** What an unanswered deletion removes as a whole, or not at all. */
  private doomed: SampleFile[] | undefined;
  private unseen = false;
  private deletionsSoFar = 0;

  constructor(
    readonly id: string,
    readonly files: readonly SampleFile[],
  ) {
    this.known = new Map(files.map((file) => [file, 'gone']));
  }

  /** Whether nothing more can be said of the study before a check: clients leave it alone. */
  get isOpen(): boolean {
    return this.doomed !== undefined || this.unseen;
  }

  /** How often its deletion was asked for, and may have taken effect. */
  get deletions(): number {
    return this.deletionsSoFar;
  }

  /** What the archive surely has. */
  get stored(): SampleFile[] {
    return this.files.filter((file) => this.known.get(file) === 'there');
  }

  /** What it may not have. */
  get missing(): SampleFile[] {
    return this.files.filter((file) => this.known.get(file) !== 'there');
  }

  /** The upload of a file was acknowledged. @param visible false: it is durable, and is seen later */
  uploaded(file: SampleFile, visible: boolean): void {
    this.known.set(file, 'there');
    if (!visible) this.unseen = true;
  }

  /** The answer with which an upload is acknowledged, where only one is right. */
  answerTo(file: SampleFile): 'Success' | 'AlreadyStored' | undefined {
    if (this.known.get(file) === 'there') return 'AlreadyStored';
    return this.known.get(file) === 'gone' && !this.unanswered.has(file) ? 'Success' : undefined;
  }

  /** The connection broke before an answer, or the answer was that it may have taken effect. */
  uploadUnanswered(file: SampleFile): void {
    if (this.known.get(file) !== 'there') this.known.set(file, 'unknown');
    this.unanswered.add(file);
  }

  /** The deletion was acknowledged. @param visible as for uploads */
  deleted(visible: boolean): void {
    this.deletionsSoFar += 1;
    if (!visible) this.unseen = true;
    for (const file of this.files) this.known.set(file, this.unanswered.has(file) ? 'unknown' : 'gone');
  }

  /** As for uploads. */
  deletionUnanswered(): void {
    this.deletionsSoFar += 1;
    this.doomed = this.stored;
    for (const file of this.doomed) this.known.set(file, 'unknown');
  }

  /** What of the files that the archive has, or has not, contradicts the answers; then goes on from what it has. */
  settle(kept: ReadonlySet<SampleFile>): string[] {
    const wrong: string[] = [];
    for (const [file, known] of this.known) {
      const name = `instance ${file.ids.instance} of study ${this.id}`;
      if (known === 'there' && !kept.has(file)) wrong.push(`lost: ${name}`);
      if (known === 'gone' && kept.has(file)) wrong.push(`not deleted: ${name}`);
      this.known.set(file, kept.has(file) ? 'there' : 'gone');
    }
    const left = this.doomed?.filter((file) => kept.has(file) && !this.unanswered.has(file)).length ?? 0;
    const whole = this.doomed?.filter((file) => !this.unanswered.has(file)).length;
    if (left > 0 && left !== whole) wrong.push(`half deleted: study ${this.id}, ${left} of ${whole} are left`);
    this.unanswered.clear();
    this.doomed = undefined;
    this.unseen = false;
    return wrong;
  }
}
