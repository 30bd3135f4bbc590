import type { Session } from '@annal/platform';

/** How far the read models are folded. */
export async function foldedOffset(session: Session): Promise<number> {
  const [[row] = []] = await session.execute('SELECT "offset" FROM folded_position WHERE partition = 0');
  return row!.offset as number;
}
