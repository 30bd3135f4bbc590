/** An ISO 8601 UTC time as Orthanc writes times: `20261121T130941`. */
export function compactDate(iso: string): string {
  return iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 13) + iso.slice(14, 16) + iso.slice(17, 19);
}
