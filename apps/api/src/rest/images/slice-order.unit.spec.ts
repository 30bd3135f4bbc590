import { orderSlices, type Slice } from './slice-order.js';

const FLAT = '1\\0\\0\\0\\1\\0';
const at = (id: string, position: string | undefined, index?: number, orientation = FLAT): Slice => ({
  id,
  ...(position !== undefined && { position }),
  orientation,
  ...(index !== undefined && { index }),
});

/** The type of an order and the names in it. */
function order(slices: readonly Slice[], orientation: string | undefined = FLAT): string {
  const ordered = orderSlices(slices, orientation);
  return ordered ? `${ordered.type} ${ordered.slices.map(({ id }) => id).join('')}` : 'none';
}

// as Orthanc 1.12.7 orders them
describe('the order of slices', () => {
  it('is that along their normal', () => {
    const volume = [at('a', '0\\0\\3', 1), at('b', '0\\0\\1', 2), at('c', '0\\0\\2', 3)];
    expect(order(volume)).toBe('Volume bca');
    const turned = '1\\0\\0\\0\\-1\\0';
    expect(
      order(
        volume.map((slice) => ({ ...slice, orientation: turned })),
        turned,
      ),
    ).toBe('Volume acb');
    const oblique = '0\\1\\0\\0\\0\\-1';
    const along = [at('a', '3\\6\\5', 1, oblique), at('b', '1\\2\\5', 2, oblique), at('c', '2\\4\\5', 3, oblique)];
    expect(order(along, oblique)).toBe('Volume acb');
  });

  it('takes nearly parallel ones, and those without an orientation, for parallel', () => {
    const nearly = at('b', '0\\0\\1', 2, '1\\0\\0\\0\\1\\0.0001');
    expect(order([at('a', '0\\0\\3', 1), nearly])).toBe('Volume ba');
    expect(order([at('a', '0\\0\\3', 1), { id: 'b', position: '0\\0\\1' }])).toBe('Volume ba');
  });

  it.each([
    ['are in one place', [at('a', '0\\0\\3', 2), at('b', '0\\0\\3', 1)]],
    ['are not parallel', [at('a', '0\\0\\1', 2), at('b', '0\\0\\2', 1, '1\\0\\0\\0\\0\\1')]],
    ['are nearly, but not parallel', [at('a', '0\\0\\1', 2), at('b', '0\\0\\2', 1, '1\\0\\0\\0\\1\\0.01')]],
    ['have no direction', [at('a', '0\\0\\1', 2), at('b', '0\\0\\2', 1, '0\\0\\0\\0\\0\\0')]],
    ['have no position', [at('a', '0\\0\\1', 2), at('b', undefined, 1)]],
    ['have half a position', [at('a', '0\\0', 2), at('b', '0\\0\\2', 1)]],
    ['have no number in it', [at('a', '0\\0\\x', 2), at('b', '0\\0\\2', 1)]],
    ['have an infinite one', [at('a', '0\\0\\1e99', 2), at('b', '0\\0\\2', 1)]],
  ])('is that of the index where slices %s', (_, slices) => {
    expect(order(slices)).toBe('Sequence ba');
  });

  it('is that of the index where the series has no orientation', () => {
    const slices = [at('a', '0\\0\\1', 2), at('b', '0\\0\\2', 1)];
    expect(orderSlices(slices, undefined)?.type).toBe('Sequence');
  });

  it('keeps slices of one index as they came, and has negative ones last', () => {
    const slices = [at('a', undefined, 3), at('b', undefined, 1), at('c', undefined, 1), at('d', undefined, -3)];
    expect(order(slices)).toBe('Sequence bcad');
  });

  it('is none where an index is missing, unless there is one slice', () => {
    expect(order([at('a', undefined, 1), at('b', undefined)])).toBe('none');
    expect(order([at('a', undefined)])).toBe('Sequence a');
    expect(order([])).toBe('Sequence ');
  });
});
