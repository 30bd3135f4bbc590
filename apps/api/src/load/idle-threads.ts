/** So long a thread without work stays, milliseconds: a thread that decoded frames keeps up to 30 MB. */
export const THREAD_IDLE_MS = 3000;
