import { isJsonObject, setOwn } from '../json.js';
import { found, type ValueType } from './value-type.js';

/** A list whose members are all of one type. */
export function listOf<T>(member: ValueType<T>, least = 0): ValueType<readonly T[]> {
  const name = `a list${least > 0 ? ` with at least ${least} member` : ''} (each ${member.name})`;
  return {
    name,
    read(value, at, problems) {
      if (!Array.isArray(value) || value.length < least) {
        problems.push(`${at}: found ${found(value)}, wanted ${name}`);
        return undefined;
      }
      return value.map((one, index) => member.read(one, `${at}[${index}]`, problems) as T);
    },
  };
}

/** An object with free keys whose values are all of one type. */
export function mapOf<T>(
  member: ValueType<T>,
  key?: { name: string; form: RegExp },
): ValueType<Readonly<Record<string, T>>> {
  const name = `an object (each value ${member.name})`;
  return {
    name,
    read(value, at, problems) {
      if (!isJsonObject(value)) {
        problems.push(`${at}: found ${found(value, member.secret)}, wanted ${name}`);
        return undefined;
      }
      const result: Record<string, T> = {};
      for (const [one, content] of Object.entries(value)) {
        if (key && !key.form.test(one))
          problems.push(`${at}: found the key ${JSON.stringify(one)}, wanted ${key.name}`);
        else setOwn(result, one, member.read(content, `${at}.${one}`, problems));
      }
      return result;
    },
  };
}
