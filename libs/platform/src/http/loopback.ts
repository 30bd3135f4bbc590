import { isIPv4 } from 'node:net';

/** Whether a connection comes from this machine: where RemoteAccessAllowed is false, no other may. */
export function isLoopback(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/, '') ?? '';
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}
