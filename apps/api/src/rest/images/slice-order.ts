/** An instance on its way into an order. */
export interface Slice {
  readonly id: string;
  /** The values of DICOM tags, where there are any. */
  readonly position?: string;
  readonly orientation?: string;
  /** InstanceNumber or ImageIndex. */
  readonly index?: number;
}

/** Slices in order: of a volume, or of anything else. */
export interface OrderedSlices<S extends Slice> {
  readonly type: 'Volume' | 'Sequence';
  readonly slices: readonly S[];
}

type Vector = readonly [x: number, y: number, z: number];

/** What counts as nothing: ten times the precision of single floating point. */
const NEARLY_ZERO = 10 * 2 ** -23;

/**
 * Slices along the normal of their common plane (PS3.3 C.7.6.2.1.1), where all of them are parallel and none is where
 * another is; else by their index; undefined where some have none.
 * @param orientation ImageOrientationPatient (0020,0037) of the series
 */
export function orderSlices<S extends Slice>(
  slices: readonly S[],
  orientation: string | undefined,
): OrderedSlices<S> | undefined {
  if (slices.length <= 1) return { type: 'Sequence', slices };
  const volume = alongNormal(slices, normalOf(orientation));
  if (volume) return { type: 'Volume', slices: volume };
  const indices = slices.map(({ index }) => index);
  if (indices.includes(undefined)) return undefined;
  return { type: 'Sequence', slices: [...slices].sort((a, b) => unsigned(a.index!) - unsigned(b.index!)) };
}

function alongNormal<S extends Slice>(slices: readonly S[], normal: Vector | undefined): readonly S[] | undefined {
  if (!normal) return undefined;
  const placed: { readonly slice: S; readonly place: number }[] = [];
  for (const slice of slices) {
    const position = numbersIn(slice.position, 3);
    const own = normalOf(slice.orientation);
    if (!position || (own && !areParallel(own, normal))) return undefined;
    placed.push({ slice, place: Math.fround(product(position as unknown as Vector, normal)) });
  }
  placed.sort((a, b) => a.place - b.place);
  const tooNear = placed.some(({ place }, at) => at > 0 && !(place - placed[at - 1]!.place > NEARLY_ZERO));
  return tooNear ? undefined : placed.map(({ slice }) => slice);
}

function normalOf(orientation: string | undefined): Vector | undefined {
  const cosines = numbersIn(orientation, 6);
  if (!cosines) return undefined;
  const [rx, ry, rz, cx, cy, cz] = cosines as unknown as [number, number, number, number, number, number];
  return [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
}

function areParallel(a: Vector, b: Vector): boolean {
  const lengths = Math.sqrt(product(a, a)) * Math.sqrt(product(b, b));
  return lengths > NEARLY_ZERO && Math.abs(Math.abs(product(a, b) / lengths) - 1) < NEARLY_ZERO;
}

function product(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The numbers of a tag in single precision; undefined unless there are so many. */
function numbersIn(text: string | undefined, count: number): readonly number[] | undefined {
  const numbers = (text ?? '').split('\\').map((part) => (part.trim() === '' ? NaN : Math.fround(Number(part))));
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : undefined;
}

/** Negative indices come last, as they do in Orthanc, to which they are large numbers. */
function unsigned(index: number): number {
  return index < 0 ? index + 2 ** 64 : index;
}
