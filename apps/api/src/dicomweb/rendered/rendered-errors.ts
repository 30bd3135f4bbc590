import { OrthancError } from '../../http/errors/http-errors.js';
import { FrameError, frameError } from '../../pixels/frame-error.js';

/**
 * Makes pictures. What cannot be rendered is 400, as Orthanc's plugin answers: the reason stands in the details.
 * @throws OrthancError
 */
export async function answeringAsRendered<R>(task: () => Promise<R>): Promise<R> {
  try {
    return await task();
  } catch (caught) {
    const error = frameError(caught);
    if (!(error instanceof FrameError) || error.reason === 'limit') throw error;
    throw new OrthancError('ParameterOutOfRange', error.details);
  }
}
