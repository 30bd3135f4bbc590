import type { RemoteKind } from '@annal/domain';
import type { AnnalConfiguration, DicomWebServerOptions, PeerOptions } from '@annal/platform';

/** How another server is reached, by kind; always in the long form. */
export interface RemoteOptions {
  readonly peer: PeerOptions;
  readonly dicomweb: DicomWebServerOptions;
}

/** What the configuration says of a kind of other servers. */
export interface RemoteSource<K extends RemoteKind> {
  readonly configured: ReadonlyMap<string, RemoteOptions[K]>;
  /** Whether the database alone counts. */
  readonly inDatabase: boolean;
}

/** The servers of a kind that the configuration names, and whether they count. */
export function remoteSource<K extends RemoteKind>(kind: K, configuration: AnnalConfiguration): RemoteSource<K> {
  const { OrthancPeers, OrthancPeersInDatabase, DicomWeb } = configuration;
  const [configured, inDatabase] = {
    peer: [OrthancPeers, OrthancPeersInDatabase] as const,
    dicomweb: [DicomWeb.Servers, DicomWeb.ServersInDatabase] as const,
  }[kind];
  return { configured: new Map(Object.entries(configured as Record<string, RemoteOptions[K]>)), inDatabase };
}
