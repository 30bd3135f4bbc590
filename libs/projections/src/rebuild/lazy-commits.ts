/** Commits no longer wait for the disk: what a crash takes away is the end of something half made, which is made anew. */
export const COMMIT_LAZILY = 'SET synchronous_commit = off';

/** The commit of this transaction waits for the disk as configured, and so for all before it. */
export const COMMIT_DURABLY = 'SET LOCAL synchronous_commit TO DEFAULT';
