/** A picture that can be encoded. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green and blue of each pixel together. */
  readonly channels: 1 | 3;
  /** Row by row, without padding; its type tells the bits of a sample. */
  readonly data: Uint8Array | Uint16Array;
}
