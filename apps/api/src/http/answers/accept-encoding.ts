/** So much of the header is read, characters. */
const LONGEST = 1024;
const REFUSED = /^q=0(?:\.0*)?$/;

/** The codings that a client names and does not refuse by `q=0`, in small letters (RFC 9110 section 12.5.3). */
export function acceptedCodings(header: string | undefined): ReadonlySet<string> {
  const accepted = new Set<string>();
  for (const entry of (header ?? '').slice(0, LONGEST).toLowerCase().split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
    if (!parameters.some((parameter) => REFUSED.test(parameter))) accepted.add(name);
  }
  return accepted;
}
