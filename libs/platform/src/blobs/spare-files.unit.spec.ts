import { mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SpareFile, SpareFiles } from './spare-files.js';

describe('the files made ahead', () => {
  let root: string;
  let made: number;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'annal-spares-'));
    made = 0;
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const make = async (count: number): Promise<SpareFile[]> =>
    Array.from({ length: count }, () => {
      const key = String(made++);
      return { key, path: join(root, key), descriptor: openSync(join(root, key), 'wx') };
    });
  /** Asks, and waits until what that sets off is done. */
  const ask = async (spares: SpareFiles): Promise<string | undefined> => {
    const key = spares.handOut();
    await new Promise((resolve) => setImmediate(resolve));
    return key;
  };

  it('are none at first, then oldest first, and more before they run out', async () => {
    const spares = new SpareFiles(make);
    expect(await ask(spares)).toBeUndefined();
    const keys: (string | undefined)[] = [];
    for (let i = 0; i < 100; i++) keys.push(await ask(spares));
    expect(keys).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    for (const key of keys) expect(spares.take(key!)?.path).toBe(join(root, key!));
    await spares.close();
    expect(readdirSync(root).sort()).toEqual(keys.sort());
  });

  it('belong to whoever takes them, once, and are handed out once', async () => {
    const spares = new SpareFiles(make);
    await ask(spares);
    const [a, b] = [(await ask(spares))!, (await ask(spares))!];
    expect(spares.take(a)?.key).toBe(a);
    expect(spares.take(a)).toBeUndefined();
    expect(spares.take('none')).toBeUndefined();
    const later: (string | undefined)[] = [];
    for (let i = 0; i < 40; i++) later.push(await ask(spares));
    expect(later).not.toContain(a);
    expect(later).not.toContain(b);
    await spares.close();
  });

  it('are removed when nobody asks for a while, and made again when somebody does', async () => {
    const spares = new SpareFiles(make, 1);
    await ask(spares);
    expect(readdirSync(root)).not.toEqual([]);
    while (readdirSync(root).length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await ask(spares);
    expect(readdirSync(root)).not.toEqual([]);
    await spares.close();
  });

  it('leave it to the others to report why they cannot be made, and are tried again', async () => {
    let broken = true;
    const spares = new SpareFiles((count) => (broken ? Promise.reject(new Error('full')) : make(count)));
    expect(await ask(spares)).toBeUndefined();
    expect(await ask(spares)).toBeUndefined();
    broken = false;
    await ask(spares);
    expect(await ask(spares)).toBe('0');
    await spares.close();
    expect(await ask(spares)).toBeUndefined();
  });
});
