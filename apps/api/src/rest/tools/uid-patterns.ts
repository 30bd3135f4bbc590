/** Whether a UID matches one of the patterns, in which `*` stands for any text and `?` for one character. */
export function uidMatcher(patterns: readonly string[]): (uid: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const escaped = pattern.replace(/[^*?]+/g, (text) => text.replace(/[^\w]/g, '\\$&'));
    return new RegExp(`^${escaped.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 's');
  });
  return (uid) => expressions.some((expression) => expression.test(uid));
}
