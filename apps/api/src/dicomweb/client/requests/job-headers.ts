import type { Job, JobObject, Sealed } from '@annal/domain';
import type { Vault } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { VAULT } from '../../../tokens.js';

/** What a job is to do with HTTP headers of its own. */
interface WithHeaders {
  readonly headers: Readonly<Record<string, string>>;
}

/** The same as it stands in the job; of former jobs the headers are not sealed. */
type Kept<O extends WithHeaders> = Omit<O, 'headers'> & Partial<WithHeaders> & { readonly sealedHeaders?: Sealed };

/**
 * The HTTP headers of the requests that jobs make. They may hold passwords and tokens, so that they stay sealed in the read
 * models, with the key of the job, until it sends them (docs/decisions/0025).
 */
@Injectable()
export class JobHeaders {
  constructor(@Inject(VAULT) private readonly vault: Pick<Vault, 'sealJob' | 'openText'>) {}

  /** The parameters of a job by its order. @param job its identifier, to be submitted with */
  async sealed<O extends WithHeaders>(job: string, { headers, ...order }: O): Promise<JobObject> {
    const text = JSON.stringify(headers);
    const isAny = Object.keys(headers).length > 0;
    const sealedHeaders = isAny ? await this.vault.sealJob({ job, eventId: purpose(job), text }) : undefined;
    return { ...order, ...(sealedHeaders && { sealedHeaders }) } as unknown as JobObject;
  }

  /** The order of a job with its headers. @throws OrthancError 500 where they cannot be opened any more */
  async opened<O extends WithHeaders>({ id, parameters }: Pick<Job, 'id' | 'parameters'>): Promise<O> {
    const { sealedHeaders, headers = {}, ...order } = parameters as unknown as Kept<O>;
    return { ...order, headers: sealedHeaders ? await this.open(id, sealedHeaders) : headers } as unknown as O;
  }

  private async open(job: string, sealed: Sealed): Promise<WithHeaders['headers']> {
    const text = await this.vault.openText(purpose(job), sealed);
    if (text === undefined) throw new OrthancError('InternalError', "The key of the job's HTTP headers is gone");
    return JSON.parse(text) as WithHeaders['headers'];
  }
}

/** What they are, so that nothing else that is sealed for the job can stand in for them. */
function purpose(job: string): string {
  return `${job} headers`;
}
