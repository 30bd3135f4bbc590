/** Answers questions in the order of their keys. */
export type Ask<K, V> = (keys: readonly K[]) => Promise<readonly V[]>;

interface Waiting<K, V> {
  readonly key: K;
  readonly resolve: (value: V) => void;
  readonly reject: (error: unknown) => void;
}

/** So many are asked for at once. */
const MOST = 100;
/** Whoever waits for a question that takes longer is asked for without waiting for its answer, ms. */
const LATE = 20;

/**
 * Asks at once for what several callers want at the same time: while one question is on its way, the next ones are
 * collected. Nobody gets an answer to a question that was asked before they came, so that they see what was written
 * until then.
 */
export class AskedTogether<K, V> {
  private waiting: Waiting<K, V>[] = [];
  private isUnderWay = false;

  constructor(private readonly ask: Ask<K, V>) {}

  /** @throws what the question fails with */
  get(key: K): Promise<V> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (!this.isUnderWay) this.next();
    });
  }

  private next(): void {
    const asked = this.waiting.splice(0, MOST);
    this.isUnderWay = asked.length > 0;
    if (!this.isUnderWay) return;
    let isOver = false;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(late);
      this.next();
    };
    const late = setTimeout(over, LATE);
    this.ask(asked.map(({ key }) => key))
      .then(
        (values) => asked.forEach(({ resolve }, index) => resolve(values[index]!)),
        (error: unknown) => asked.forEach(({ reject }) => reject(error)),
      )
      .finally(over);
  }
}
