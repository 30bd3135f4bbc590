import { type PixelDataCode, PixelDataError, type ShownFrame } from '@annal/dicom';
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
    return { result: render(shown, task) };
  } catch (error) {
    if (error instanceof PixelDataError) return { failure: error.code, message: error.message };
    throw error;
  }
}
