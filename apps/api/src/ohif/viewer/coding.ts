import type { Coding, ViewerFile } from './viewer-files.js';

/** The best of the codings that a file has and the client takes (RFC 9110, section 12.5.3). */
export function codingFor({ sizes }: ViewerFile, accepted: string | undefined): Coding {
  const taken = new Set(
    (accepted ?? '')
      .slice(0, 1024)
      .toLowerCase()
      .split(',')
      .filter((entry) => !/;\s*q=0(?:\.0*)?\s*$/.test(entry))
      .map((entry) => entry.split(';', 1)[0]!.trim()),
  );
  return (['br', 'gzip'] as const).find((coding) => sizes[coding] !== undefined && taken.has(coding)) ?? 'identity';
}
