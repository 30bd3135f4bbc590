/**
 * Replaces `${NAME}` and `${NAME:-default}` by the environment's values, as they are: a value may also stand for a
 * number or a whole object. As in Orthanc, a variable that is set but empty does not take the default, and one that is
 * not set and has no default is empty; `unset` is told its name.
 */
export function substituteEnvironment(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  unset: (name: string) => void,
): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    const [name = '', ...rest] = expression.split(':-');
    const value = environment[name];
    if (value !== undefined) return value;
    if (rest.length > 0) return rest.join(':-');
    unset(name);
    return '';
  });
}
