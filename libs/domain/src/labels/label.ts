/** Whether a text can be a label: letters, digits, `_` and `-` of ASCII, as in Orthanc. */
export function isLabel(text: string, maximumLength: number): boolean {
  return text.length <= maximumLength && /^[A-Za-z0-9_-]+$/.test(text);
}
