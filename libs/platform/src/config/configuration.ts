import { type ValuesOf } from './option.js';
import { type OPTIONS } from './options/index.js';

/**
 * The checked configuration: the keys, sections and units of Orthanc's file and of the section "Annal", every option
 * present, relative paths made absolute, short forms of remotes made objects. Frozen all the way down.
 */
export type AnnalConfiguration = Omit<ValuesOf<typeof OPTIONS>, 'AuthenticationEnabled'> & {
  /** Decided: where the file says nothing, authentication is needed if and only if remote access is allowed. */
  readonly AuthenticationEnabled: boolean;
};
