import { type ImageFiles } from '../archive/images.js';
import { type StudyShape } from '../archive/study.js';

/** A request as it is sent to both servers. */
export interface RequestSpec {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  /** What the answer may be; absent: anything. */
  readonly accept?: string;
  /** How the answer may be compressed; absent: not at all. */
  readonly encoding?: string;
}

/** Uploads of made-up instances, in the order in which a scanner would send them. */
export interface Uploads {
  readonly kind: 'uploads';
  readonly area: number;
  readonly shape: StudyShape;
  /** All instances of these studies, or so many instances after so many others. */
  readonly part:
    { readonly studies: readonly [from: number, to: number] } | { readonly skip: number; readonly count: number };
  /** Bytes of pixel data in each file; 0: none. */
  readonly pixelBytes: number;
}

/** What the load client shall do; how much is fixed beforehand, how long it takes is measured. */
export type Work =
  | Uploads
  | { readonly kind: 'image-uploads'; readonly images: ImageFiles }
  /** The same by STOW-RS, so many instances a request. */
  | { readonly kind: 'stow'; readonly uploads: Uploads; readonly perRequest: number }
  /** Each request so many times, one after the other. */
  | { readonly kind: 'requests'; readonly requests: readonly RequestSpec[]; readonly times: number }
  /** The whole changes log, page by page, as a poller reads it. */
  | { readonly kind: 'changes'; readonly limit: number }
  /** So many files of this many bytes of pixels, all at once, made while they are sent. */
  | { readonly kind: 'large-uploads'; readonly count: number; readonly pixelBytes: number };

/** A work order to the load client. */
export interface Order {
  readonly url: string;
  readonly connections: number;
  readonly work: Work;
}

/** What came of it. */
export interface WorkResult {
  readonly seconds: number;
  /** Of each request, ms. */
  readonly latencies: Float64Array;
  /** What the rate counts: requests, or rows of the changes log. */
  readonly units: number;
  /** Bytes of answers. */
  readonly bytes: number;
}
