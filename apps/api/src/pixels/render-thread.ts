import { type Picture, type PixelDataCode, PixelDataError, type ShownFrame } from '@annal/dicom';
import { handedOver } from './handed-over.js';
import { render, type RenderResults, type RenderTask } from './render-work.js';

/** A frame, and what is to be made of it. */
export interface ThreadTask {
  readonly shown: ShownFrame;
  readonly task: RenderTask;
}

/** Errors lose their class between threads. */
export type ThreadOutcome =
  | { readonly result: RenderResults[keyof RenderResults] }
  | { readonly failure: PixelDataCode; readonly message: string };

/** Renders large frames in a thread of its own. */
export default function renderInThread({ shown, task }: ThreadTask): ThreadOutcome {
  try {
    const result = render(shown, task);
    const { data: input } = shown.frame;
    return 'data' in result
      ? handedOver<ThreadOutcome, Picture['data']>((data) => ({ result: { ...result, data } }), result.data, input)
      : handedOver<ThreadOutcome, Uint8Array>((own) => ({ result: own }), result, input);
  } catch (error) {
    if (error instanceof PixelDataError) return { failure: error.code, message: error.message };
    throw error;
  }
}
