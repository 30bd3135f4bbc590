const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** The URL of another server, with the scheme that is meant where it has none, as Orthanc takes it. */
export function withScheme(url: string): string {
  return SCHEME.test(url) ? url : `http://${url}`;
}

/** Why requests cannot go to a URL: another scheme than http or https, or what is no URL. Undefined: they can. */
export function whyNoServerUrl(url: string): 'scheme' | 'syntax' | undefined {
  const scheme = SCHEME.exec(url)?.[0].toLowerCase();
  if (scheme !== undefined && scheme !== 'http://' && scheme !== 'https://') return 'scheme';
  return URL.canParse(withScheme(url)) ? undefined : 'syntax';
}
