/** The first event of every log: names it for ever, so that a recreated log is not folded as the old one. */
export interface LogCreated {
  readonly type: 'annal.log.created.v1';
  readonly data: { readonly logId: string };
}
