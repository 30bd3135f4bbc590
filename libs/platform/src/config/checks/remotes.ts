import { type AnnalConfiguration } from '../configuration.js';
import { type Findings } from '../source/source.js';

/** Peers and DICOMweb servers that are configured to no effect. */
export function checkRemotes(
  { OrthancPeers, OrthancPeersInDatabase, DicomWeb }: AnnalConfiguration,
  { warnings }: Findings,
): void {
  const kinds = [
    ['OrthancPeers', OrthancPeers, 'OrthancPeersInDatabase', OrthancPeersInDatabase, '/peers/{id}'],
    [
      'DicomWeb.Servers',
      DicomWeb.Servers,
      'DicomWeb.ServersInDatabase',
      DicomWeb.ServersInDatabase,
      '/dicom-web/servers/{name}',
    ],
  ] as const;
  for (const [option, servers, switched, inDatabase, path] of kinds) {
    const names = Object.keys(servers);
    if (!inDatabase || names.length === 0) continue;
    warnings.push(
      `${switched} is true: what ${option} names is not there (${names.join(', ')}); set it by PUT ${path}, or set ${switched} to false`,
    );
  }
  const own = Object.entries(OrthancPeers).filter(([, peer]) => 'RemoteSelf' in peer);
  if (own.length > 0) {
    const paths = own.map(([name]) => `OrthancPeers.${name}.RemoteSelf`);
    warnings.push(`without effect in Annal, which has no transfers accelerator: ${paths.join(', ')}`);
  }
}
