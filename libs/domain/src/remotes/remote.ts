/** What other servers there are: those with this REST API ("OrthancPeers"), and those of DICOMweb ("DicomWeb.Servers"). */
export const REMOTE_KINDS = ['peer', 'dicomweb'] as const;
export type RemoteKind = (typeof REMOTE_KINDS)[number];

/** Another server by the name under which users know it. */
export interface RemoteName {
  readonly kind: RemoteKind;
  readonly name: string;
  /**
   * The run of a server, a UUID, in which alone and until the end of which this holds beside the configuration; null: for
   * all servers, and for good.
   */
  readonly run: string | null;
}

/** Characters of UTF-16: a row of the read models is found by the name. */
export const LONGEST_REMOTE_NAME = 255;

/** Whether another server may have this name: some text that can be kept in a table. */
export function isRemoteName(name: string): boolean {
  return name !== '' && name.length <= LONGEST_REMOTE_NAME && name.isWellFormed() && !name.includes('\0');
}

const PATHS: Readonly<Record<RemoteKind, string>> = { peer: 'peers', dicomweb: 'dicom-web/servers' };

/** Its path in the REST API without the slash in front: the subject of its events. */
export function remoteSubject({ kind, name }: Pick<RemoteName, 'kind' | 'name'>): string {
  return `${PATHS[kind]}/${encodeURIComponent(name)}`;
}
