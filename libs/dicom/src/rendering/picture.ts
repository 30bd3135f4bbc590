/** A picture that can be encoded. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green and blue of each pixel together. */
  readonly channels: 1 | 3;
  /** Row by row, without padding; its type tells the bits of a sample. */
  readonly data: Uint8Array | Uint16Array;
}

/** A picture of 8 bits. */
export type BytePicture = Picture & { readonly data: Uint8Array };

/** A picture of grey values with black and white exchanged. */
export function inverted(picture: BytePicture): BytePicture {
  const data = new Uint8Array(picture.data.length);
  for (let index = 0; index < data.length; index++) data[index] = 255 - picture.data[index]!;
  return { ...picture, data };
}
