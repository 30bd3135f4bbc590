import { type AnnalConfiguration } from '../configuration.js';
import { type Findings } from '../source/source.js';

/** Who can reach the server, and what they need to get in: refuses what leaves the door open by oversight. */
export function checkSecurity(configuration: AnnalConfiguration, decided: boolean, findings: Findings): void {
  if (!configuration.HttpServerEnabled) return;
  const { RemoteAccessAllowed: remote, AuthenticationEnabled: authentication } = configuration;
  const users = Object.keys(configuration.RegisteredUsers).length;
  if (remote && authentication && users === 0) {
    findings.errors.push(
      'RemoteAccessAllowed is true and nobody can log in: add user names and passwords to RegisteredUsers, ' +
        'or set AuthenticationEnabled to false if everybody who reaches this machine may read and delete all images',
    );
  } else if (authentication && users === 0) {
    findings.warnings.push('AuthenticationEnabled is true and RegisteredUsers is empty: nobody can log in');
  }
  if (authentication) checkUsers(configuration, remote ? findings.errors : findings.warnings);
  if (remote && !authentication) {
    findings.warnings.push(
      'RemoteAccessAllowed is true and AuthenticationEnabled is false: everybody who reaches this machine may read and delete all images',
    );
  }
  if (remote && authentication && !decided) {
    findings.warnings.push('AuthenticationEnabled is not set: taken as true because RemoteAccessAllowed is true');
  }
  if (remote && authentication && !configuration.SslEnabled) {
    findings.warnings.push(
      'SslEnabled is false: passwords and images cross the network in clear unless a proxy adds HTTPS',
    );
  }
  if (configuration.SslVerifyPeers && !configuration.SslEnabled) {
    findings.warnings.push('SslVerifyPeers has no effect because SslEnabled is false');
  }
  if (configuration.SslEnabled && configuration.SslMinimumProtocolVersion < 4) {
    findings.warnings.push('SslMinimumProtocolVersion accepts TLS 1.0 or 1.1, which are broken: set it to 4');
  }
}

/** A name or a password that is empty is mostly a variable that was not set, and everybody's guess. */
function checkUsers({ RegisteredUsers }: AnnalConfiguration, told: string[]): void {
  const users = Object.entries(RegisteredUsers);
  if (users.some(([name, password]) => name === '' || password === '')) {
    told.push('RegisteredUsers has an empty name or password, which lets everybody in: is a variable not set?');
  }
  if (users.some(([name]) => name.includes(':'))) {
    told.push('RegisteredUsers has a name with a colon, which basic authentication takes for the end of the name');
  }
}
