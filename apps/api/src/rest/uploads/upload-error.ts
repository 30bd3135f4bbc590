import { StorageFull } from '@annal/domain';
import { MissingIdentifier, NotDicom } from '@annal/projections';
import { OrthancError, tooLarge } from '../../http/errors/http-errors.js';
import { BadArchive, BeyondLimit } from '../../intake/intake-errors.js';

/** How an upload that failed is answered. */
export function uploadError(error: unknown): unknown {
  if (error instanceof NotDicom) return new OrthancError('BadFileFormat', error.message);
  if (error instanceof BadArchive) return new OrthancError('BadFileFormat', error.message);
  if (error instanceof MissingIdentifier) return new OrthancError('InexistentTag');
  if (error instanceof BeyondLimit) return tooLarge(error.message);
  if (error instanceof StorageFull) return new OrthancError('FullStorage', error.message);
  if (isDiskFull(error)) return new OrthancError('FullStorage');
  return error;
}

/** Whether a file could not be written for want of room. */
function isDiskFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}
