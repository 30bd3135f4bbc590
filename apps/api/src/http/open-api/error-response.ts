import type { ApiResponseOptions } from '@nestjs/swagger';

/** The body that explains an error, unless `HttpDescribeErrors` is off. */
export const ERROR_SCHEMA = {
  type: 'object',
  properties: {
    Details: { type: 'string', description: 'What is wrong about this request' },
    HttpError: { type: 'string', description: 'The name of the HTTP status' },
    HttpStatus: { type: 'integer' },
    Message: { type: 'string', description: 'What is wrong about requests of this kind' },
    Method: { type: 'string' },
    OrthancError: { type: 'string', description: 'The same as Message' },
    OrthancStatus: { type: 'integer', description: "Orthanc's number of the error" },
    Uri: { type: 'string', description: 'The path of the request' },
  },
  required: ['HttpError', 'HttpStatus', 'Message', 'Method', 'OrthancError', 'OrthancStatus', 'Uri'],
  additionalProperties: false,
};

/** Any answer beyond success; JSON that goes by the name of text, as Orthanc sends it, or no body at all. */
export const ERROR_RESPONSE = {
  description: 'The request failed: the status says why, and for most errors the body, too',
  content: { 'text/plain': { schema: { $ref: '#/components/schemas/Error' } } },
} satisfies ApiResponseOptions;
