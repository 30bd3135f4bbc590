/** The values that were last put here or asked for, as many as fit. */
export class RecentlyUsed<V> {
  private readonly kept = new Map<string, { readonly value: V; readonly size: number }>();
  private total = 0;

  /**
   * @param capacity what the sizes of all values may come to
   * @param sizeOf a value, looked at whenever it is put here or asked for, as it may grow; default: 1, so that `capacity`
   *   is how many there may be
   */
  constructor(
    private readonly capacity: number,
    private readonly sizeOf: (value: V) => number = () => 1,
  ) {}

  get(key: string): V | undefined {
    const found = this.kept.get(key);
    if (found) this.set(key, found.value);
    return found?.value;
  }

  set(key: string, value: V): void {
    this.forget(key);
    const size = this.sizeOf(value);
    this.kept.set(key, { value, size });
    this.total += size;
    for (const oldest of this.kept.keys()) {
      if (this.total <= this.capacity) break;
      this.forget(oldest);
    }
  }

  clear(): void {
    this.kept.clear();
    this.total = 0;
  }

  private forget(key: string): void {
    this.total -= this.kept.get(key)?.size ?? 0;
    this.kept.delete(key);
  }
}
