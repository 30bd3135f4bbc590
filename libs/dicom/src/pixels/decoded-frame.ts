/** A frame with nothing left to decode. */
export interface DecodedFrame {
  readonly rows: number;
  readonly columns: number;
  /** 1 or 3, rarely 2 or 4. */
  readonly samplesPerPixel: number;
  /** Of `data`: after decoding, so never one that only compressed or subsampled data have. Empty where it is unknown. */
  readonly photometric: string;
  /** Bits of a sample in `data`: 8, 16, 32 or 64. */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  /** `bitsStored - 1`: nothing but the value is in a sample, its sign extended; another one of `unpackFrame` alone. */
  readonly highBit: number;
  readonly signed: boolean;
  readonly kind: 'integer' | 'float' | 'double';
  /** Little endian, the samples of a pixel together, row by row, without padding. */
  readonly data: Buffer;
}
