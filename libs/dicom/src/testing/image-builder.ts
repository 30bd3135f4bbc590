import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { headerModel } from '../header/header-model.js';
import { type ByteRange, type HeaderModel } from '../header/model.js';
import { type DecodedFrame } from '../pixels/decoded-frame.js';
import { decodeFrame } from '../pixels/decode-frame.js';
import { EncapsulatedFrames } from '../pixels/encapsulated-frames.js';
import { checkFrame, type FrameLocation, nativeLocation } from '../pixels/frame-locations.js';
import { type ImageDescription, imageDescription, pixelDataRange } from '../pixels/image-description.js';
import { isEncapsulated } from '../pixels/transfer-syntaxes.js';
import { tokenize } from '../tokenizer/tokenize.js';
import { type BuilderEntry } from './element-writer.js';
import { buildInstance, type InstanceDescription } from './instance-builder.js';

/** An image as a test describes it; everything has a default: 8-bit grey. */
export interface TestImage extends InstanceDescription {
  readonly rows: number;
  readonly columns: number;
  readonly samples?: number;
  readonly photometric?: string;
  readonly planar?: 0 | 1;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly highBit?: number;
  readonly signed?: boolean;
  readonly frames?: number;
}

const dictionary = new DicomDictionary();

/** The file of an image. */
export function buildImage(image: TestImage): Buffer {
  const { samples = 1, bitsAllocated = 8, bitsStored = bitsAllocated, highBit = bitsStored - 1 } = image;
  const elements: BuilderEntry[] = [
    [0x00280002, 'US', samples],
    [0x00280004, 'CS', image.photometric ?? (samples === 1 ? 'MONOCHROME2' : 'RGB')],
    ...(samples === 1 ? [] : [[0x00280006, 'US', image.planar ?? 0] as const]),
    ...(image.frames === undefined ? [] : [[0x00280008, 'IS', String(image.frames)] as const]),
    [0x00280010, 'US', image.rows],
    [0x00280011, 'US', image.columns],
    [0x00280100, 'US', bitsAllocated],
    [0x00280101, 'US', bitsStored],
    [0x00280102, 'US', highBit],
    [0x00280103, 'US', image.signed ? 1 : 0],
  ];
  return buildInstance({ ...image, extra: [...elements, ...(image.extra ?? [])] });
}

/** A file's header, its image, and its frames decoded in this thread. */
export interface OpenedImage {
  readonly model: HeaderModel;
  readonly image: ImageDescription;
  readonly location: (frame: number) => Promise<FrameLocation>;
  readonly frame: (frame: number) => Promise<DecodedFrame>;
}

/** Opens a file that is not deflated. */
export function openImage(file: Buffer): OpenedImage {
  const model = headerModel(tokenize(file, { lookup: dictionary }), { dictionary, defaultEncoding: 'Latin1' });
  const image = imageDescription(model);
  const read = async ({ o, n }: ByteRange): Promise<Buffer> => file.subarray(o, o + n);
  const location = async (frame: number): Promise<FrameLocation> => {
    if (!isEncapsulated(model.syntax)) return nativeLocation(image, frame);
    checkFrame(frame, image.numberOfFrames);
    const frames = new EncapsulatedFrames(model, pixelDataRange(model), image.numberOfFrames, read, file.length);
    return { ranges: await frames.fragments(frame), firstBit: 0 };
  };
  const bytes = ({ ranges }: FrameLocation): Buffer => Buffer.concat(ranges.map(({ o, n }) => file.subarray(o, o + n)));
  return {
    model,
    image,
    location,
    frame: async (frame) => {
      const found = await location(frame);
      return decodeFrame(image, model.syntax, bytes(found), found.firstBit);
    },
  };
}
