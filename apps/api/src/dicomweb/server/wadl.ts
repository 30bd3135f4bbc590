import { escapeXml } from '@annal/dicomweb';
import type { OpenAPIObject } from '@nestjs/swagger';

/** A method of a resource in the Web Application Description Language. */
interface WadlMethod {
  readonly name: string;
  readonly title: string;
  readonly parameters: readonly WadlParameter[];
  /** Media types that the method takes and gives. */
  readonly request: readonly string[];
  readonly response: readonly string[];
}

interface WadlParameter {
  readonly name: string;
  readonly style: 'template' | 'query' | 'header';
  readonly required: boolean;
}

/** A resource: its path below the base, with templates such as `{study}`. */
interface WadlResource {
  readonly path: string;
  readonly methods: readonly WadlMethod[];
}

const METHODS = ['get', 'post', 'put', 'delete', 'options'] as const;
const STYLES: Readonly<Record<string, WadlParameter['style']>> = { query: 'query', header: 'header' };

/** What the operations of the services are tagged with, other than those of the client, which is of Orthanc's own. */
const SERVICES = 'DICOMweb';

/** The services below a path, from the description of the whole API. @param root with slashes at both ends */
export function wadlResources(api: OpenAPIObject, root: string): readonly WadlResource[] {
  return Object.entries(api.paths)
    .filter(([path]) => `${path}/`.startsWith(root))
    .map(([path, item]) => ({
      path: path.slice(root.length),
      methods: METHODS.flatMap((method) => {
        const operation = item[method];
        if (!operation?.tags?.includes(SERVICES)) return [];
        const others = (operation.parameters ?? []).flatMap((parameter) => {
          if ('$ref' in parameter || !STYLES[parameter.in]) return [];
          return [{ name: parameter.name, style: STYLES[parameter.in]!, required: parameter.required === true }];
        });
        const parameters = [...templates(path), ...others];
        const { requestBody, responses } = operation;
        return [
          {
            name: method.toUpperCase(),
            title: operation.summary ?? '',
            parameters,
            request: requestBody && 'content' in requestBody ? Object.keys(requestBody.content) : [],
            response: mediaTypes(responses),
          },
        ];
      }),
    }))
    .filter(({ methods }) => methods.length > 0)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is to be filled in in a path, whether its route reads it by name or not. */
function templates(path: string): readonly WadlParameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name: name!, style: 'template', required: true }));
}

function mediaTypes(responses: object): string[] {
  const all = Object.values(responses).flatMap((response: { content?: object }) => Object.keys(response.content ?? {}));
  return [...new Set(all)];
}

/** The resources as WADL (W3C Member Submission of 31 August 2009; PS3.18 section 8.9). @param base their URL */
export function wadlXml(base: string, resources: readonly WadlResource[]): string {
  const lines = ['<?xml version="1.0" encoding="utf-8"?>', '<application xmlns="http://wadl.dev.java.net/2009/02">'];
  lines.push(`  <resources base="${escapeXml(base)}">`);
  for (const { path, methods } of resources) {
    lines.push(`    <resource path="${escapeXml(path)}">`);
    for (const method of methods) lines.push(...methodXml(method));
    lines.push('    </resource>');
  }
  return [...lines, '  </resources>', '</application>', ''].join('\n');
}

function methodXml({ name, title, parameters, request, response }: WadlMethod): string[] {
  const representation = (type: string): string => `          <representation mediaType="${escapeXml(type)}"/>`;
  return [
    `      <method name="${name}">`,
    `        <doc title="${escapeXml(title)}"/>`,
    '        <request>',
    ...parameters.map(
      ({ name: own, style, required }) =>
        `          <param name="${escapeXml(own)}" style="${style}" required="${required}"/>`,
    ),
    ...request.map(representation),
    '        </request>',
    '        <response>',
    ...response.map(representation),
    '        </response>',
    '      </method>',
  ];
}

/** The same as JSON: the elements and attributes of WADL as members. */
export function wadlJson(base: string, resources: readonly WadlResource[]): object {
  const representations = (types: readonly string[]): object[] => types.map((mediaType) => ({ mediaType }));
  return {
    application: {
      resources: {
        base,
        resource: resources.map(({ path, methods }) => ({
          path,
          method: methods.map(({ name, title, parameters, request, response }) => ({
            name,
            doc: { title },
            request: { param: parameters, representation: representations(request) },
            response: { representation: representations(response) },
          })),
        })),
      },
    },
  };
}
