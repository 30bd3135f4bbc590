/** What was sent is no archive after all, or a damaged one. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

/** What was sent is larger than a limit; the message names it. */
export class BeyondLimit extends Error {
  override readonly name = 'BeyondLimit';
}
