import { AskedTogether } from './asked-together.js';

describe('AskedTogether', () => {
  it('asks at once for what came while a question was on its way', async () => {
    const { asked, answer, together } = slowly();
    const answers = ['a', 'b', 'c', 'b'].map((key) => together.get(key));
    expect(asked).toEqual([['a']]);
    await answer(0);
    expect(asked).toEqual([['a'], ['b', 'c', 'b']]);
    await answer(1);
    expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!', 'b!']);
  });

  it('asks anew for whoever comes later, as the answer may have changed', async () => {
    const { asked, answer, together } = slowly();
    const first = together.get('a');
    const second = together.get('a');
    await answer(0);
    expect(asked).toEqual([['a'], ['a']]);
    await answer(1);
    expect(await Promise.all([first, second])).toEqual(['a!', 'a!']);
  });

  it('asks for no more than a hundred at once', async () => {
    const { asked, answer, together } = slowly();
    const answers = Array.from({ length: 151 }, (_, index) => together.get(`${index}`));
    await answer(0);
    await answer(1);
    await answer(2);
    expect(asked.map((keys) => keys.length)).toEqual([1, 100, 50]);
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 151 }, (_, index) => `${index}!`));
  });

  it('tells all who asked why a question failed, and asks for the others', async () => {
    const { answer, fail, together } = slowly();
    const first = together.get('a');
    const others = [together.get('b'), together.get('c')];
    const settled = Promise.allSettled([first, ...others]);
    await answer(0);
    await fail(1, new Error('away'));
    const later = together.get('d');
    await answer(2);
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await later).toBe('d!');
  });

  it('does not let a question that is not answered hold up the others', async () => {
    const { asked, answer, together } = slowly();
    const stuck = together.get('a');
    const other = together.get('b');
    while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    await answer(1);
    expect(await other).toBe('b!');
    const next = together.get('c');
    await answer(2);
    expect(await next).toBe('c!');
    await answer(0);
    expect(await stuck).toBe('a!');
  });
});

/** Questions that are answered when the test says so. */
function slowly(): {
  asked: string[][];
  answer: (index: number) => Promise<void>;
  fail: (index: number, error: Error) => Promise<void>;
  together: AskedTogether<string, string>;
} {
  const asked: string[][] = [];
  const open: { resolve: (values: string[]) => void; reject: (error: Error) => void }[] = [];
  const together = new AskedTogether<string, string>((keys) => {
    asked.push([...keys]);
    return new Promise((resolve, reject) => open.push({ resolve, reject }));
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    asked,
    together,
    answer: (index) => {
      open[index]!.resolve(asked[index]!.map((key) => `${key}!`));
      return turn();
    },
    fail: (index, error) => {
      open[index]!.reject(error);
      return turn();
    },
  };
}
