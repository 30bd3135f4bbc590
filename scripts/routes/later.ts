/** What the routes that are not served belong to, by what their paths look like; the first that fits counts. */
export const WORK: readonly (readonly [pattern: RegExp, work: string])[] = [
  [/^\/jobs/, 'jobs'],
  [/^\/(modalities|peers|queries|storage-commitment|exports)|^\/tools\/dicom-echo/, 'other servers'],
  [/\/(anonymize|modify|merge|split|bulk-anonymize|bulk-modify|create-dicom)$/, 'modification'],
];

/** Where an answer differs from Orthanc's on purpose, in more than what `docs/conformance.md` says of all routes. */
export const REMARKS: Readonly<Record<string, string>> = {
  'POST /tools/execute-script': 'always 403: there is no Lua',
  'GET /patients/{id}/module': 'one PatientID of several people',
  'GET /instances/{id}/file': 'OF, OD, OL, OV, SV and UV, and NaN, as `dicom+json`',
};
