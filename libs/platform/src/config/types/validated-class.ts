import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { found, type ValueType } from './value-type.js';

/**
 * The type of an object whose properties a class declares with class-validator.
 * @param fromList how Orthanc's shorter form, a list, becomes such an object
 * @param isSecret whether messages must not repeat what stands in its place
 */
export function validated<T extends object>(
  name: string,
  declaration: new () => T,
  fromList?: (list: JsonValue[]) => JsonObject,
  isSecret = false,
): ValueType<Readonly<T>> {
  return {
    name,
    secret: isSecret,
    read(value, at, problems) {
      const plain = Array.isArray(value) && fromList ? fromList(value) : value;
      if (!isJsonObject(plain)) {
        problems.push(`${at}: found ${found(value, isSecret)}, wanted ${name}`);
        return undefined;
      }
      const instance = plainToInstance(declaration, plain, { exposeDefaultValues: true });
      const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true });
      for (const error of errors) problems.push(`${at}.${error.property}: ${sentence(error)}, wanted ${name}`);
      return errors.length > 0 ? undefined : instance;
    },
  };
}

function sentence(error: ValidationError): string {
  return Object.values(error.constraints ?? { nested: 'is not valid' }).join(' and ');
}
