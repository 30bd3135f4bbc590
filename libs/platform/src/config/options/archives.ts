import { integer } from '../types/scalars.js';
import { option, section } from '../option.js';

/** How ZIP archives are made. */
export const ARCHIVE_OPTIONS = section('ZIP archives.', {
  CompressionLevel: option(
    integer(0, 9),
    4,
    'used',
    'How hard archives are compressed: 1 is the quickest, 9 the smallest, 0 does not compress.',
    { unit: 'level' },
  ),
  Expiry: option(
    integer(),
    604_800,
    'used',
    'For how long archives that jobs made can be downloaded, if not MediaArchiveSize others are made before; 0: for ever.',
    { unit: 'seconds' },
  ),
});
