import type { OpenAPIObject } from '@nestjs/swagger';

/** A parameter of a route. */
export interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly type?: string };
}

/** What a route answers with: a schema by media type; nothing for an empty body. */
export interface DescribedAnswer {
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** What the description says of a route. */
export interface Operation {
  /** Method and path. */
  readonly route: string;
  readonly path: string;
  readonly method: string;
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters: readonly DescribedParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

/** All that a description has. */
export function operationsOf(document: OpenAPIObject): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
      ...operation,
      route: `${method.toUpperCase()} ${path}`,
      path,
      method: method.toUpperCase(),
    })),
  );
}
