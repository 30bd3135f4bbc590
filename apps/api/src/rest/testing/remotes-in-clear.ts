import type { RemoteToSeal, Sealed } from '@annal/domain';
import type { AppContext } from '../../http/app-context.js';

/** What a vault does with the options of remotes, for a log without keys. */
export const REMOTES_IN_CLEAR: Pick<AppContext['vault'], 'sealRemote' | 'openText'> = {
  sealRemote: async ({ text }: RemoteToSeal): Promise<Sealed> => ({
    keyId: null,
    algorithm: 'none',
    value: Buffer.from(text).toString('base64'),
  }),
  openText: async (_eventId: string, { value = '' }: Sealed) => Buffer.from(value, 'base64').toString(),
};
