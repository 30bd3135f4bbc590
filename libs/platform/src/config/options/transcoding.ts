import { uid } from '../types/dicom.js';
import { boolean, integer, oneOf } from '../types/scalars.js';
import { option, optional } from '../option.js';

const accepted = (family: string) =>
  option(boolean, true, 'planned', `Whether the DICOM server takes the transfer syntaxes of ${family}.`);

/** Compressed transfer syntaxes: which are taken, and what is converted. */
export const TRANSCODING_OPTIONS = {
  DeflatedTransferSyntaxAccepted: accepted('deflated data sets'),
  JpegTransferSyntaxAccepted: accepted('JPEG'),
  Jpeg2000TransferSyntaxAccepted: accepted('JPEG 2000'),
  JpegLosslessTransferSyntaxAccepted: accepted('JPEG lossless'),
  JpipTransferSyntaxAccepted: accepted('JPIP'),
  Mpeg2TransferSyntaxAccepted: accepted('MPEG-2'),
  RleTransferSyntaxAccepted: accepted('RLE'),
  Mpeg4TransferSyntaxAccepted: accepted('MPEG-4'),
  H265TransferSyntaxAccepted: accepted('H.265'),
  TranscodeDicomProtocol: option(
    boolean,
    true,
    'planned',
    'Whether images are decompressed for modalities that take no compressed ones.',
  ),
  IngestTranscoding: optional(uid, 'planned', 'The transfer syntax every arriving image is converted to.', {
    defaultNote: 'none: images are stored as they come',
  }),
  IngestTranscodingOfUncompressed: option(boolean, true, 'planned', 'Whether this concerns uncompressed images.'),
  IngestTranscodingOfCompressed: option(boolean, true, 'planned', 'Whether this concerns compressed images.'),
  DicomLossyTranscodingQuality: option(integer(1, 100), 90, 'used', 'The quality of lossy compression.', {
    unit: 'percent',
  }),
  BuiltinDecoderTranscoderOrder: option(
    oneOf('Before', 'After', 'Disabled'),
    'After',
    'no-effect',
    'Whether built-in codecs come before or after those of plugins; Annal has built-in ones alone.',
  ),
  MaximumConcurrentDcmtkTranscoders: option(
    integer(),
    0,
    'planned',
    'How many images are converted at once; 0: as many as there are cores.',
    {
      unit: 'images',
    },
  ),
};
