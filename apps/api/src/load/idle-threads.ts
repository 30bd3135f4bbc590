/** So long a thread without work stays, milliseconds: starting one takes a tenth of a second, keeping it 10 to 30 MB. */
export const THREAD_IDLE_MS = 3000;
