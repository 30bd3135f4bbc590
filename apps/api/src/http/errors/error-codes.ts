/**
 * The error codes that Orthanc's REST API answers with: `OrthancStatus`, `OrthancError` and the HTTP status. Clients
 * switch on the number.
 */
export const ERROR_CODES = {
  InternalError: [-1, 'Internal error', 500],
  NotImplemented: [2, 'Not implemented yet', 501],
  ParameterOutOfRange: [3, 'Parameter out of range', 400],
  BadParameterType: [5, 'Bad type for a parameter', 400],
  BadSequenceOfCalls: [6, 'Bad sequence of calls', 500],
  InexistentItem: [7, 'Accessing an inexistent item', 404],
  BadRequest: [8, 'Bad request', 400],
  NetworkProtocol: [9, 'Error in the network protocol', 500],
  Database: [11, 'Error with the database engine', 500],
  InexistentFile: [13, 'Inexistent file', 404],
  CannotWriteFile: [14, 'Cannot write to file', 500],
  BadFileFormat: [15, 'Bad file format', 400],
  Timeout: [16, 'Timeout', 500],
  UnknownResource: [17, 'Unknown resource', 404],
  FullStorage: [19, 'The file storage is full', 507],
  CorruptedFile: [20, 'Corrupted file (e.g. inconsistent MD5 hash)', 500],
  InexistentTag: [21, 'Inexistent tag', 404],
  ReadOnly: [22, 'Cannot modify a read-only data structure', 500],
  IncompatibleImageFormat: [23, 'Incompatible format of the images', 415],
  IncompatibleImageSize: [24, 'Incompatible size of the images', 500],
  UnknownDicomTag: [27, 'Unknown DICOM tag', 400],
  BadJson: [28, 'Cannot parse a JSON document', 400],
  Unauthorized: [29, 'Bad credentials were provided to an HTTP request', 401],
  EmptyRequest: [33, 'The request is empty', 400],
  NotAcceptable: [34, 'Cannot send a response which is acceptable according to the Accept HTTP header', 406],
  DatabaseUnavailable: [36, 'The database is currently not available (probably a transient situation)', 503],
  BadRange: [41, 'Incorrect range request', 416],
  CanceledJob: [37, 'This job was canceled', 500],
  Revision: [43, 'A bad revision number was provided, which might indicate conflict between multiple writers', 409],
  ForbiddenAccess: [45, 'Access to a resource is forbidden', 403],
  DuplicateResource: [46, 'Duplicate resource', 409],
  BadHttpStatusInRest: [2005, 'This HTTP status is not allowed in a REST API', 500],
  CannotStoreInstance: [2018, 'Cannot store an instance', 500],
  CannotOrderSlices: [2040, 'Unable to order the slices of the series', 500],
  UnsupportedMediaType: [3000, 'Unsupported media type', 415],
} as const satisfies Record<string, readonly [code: number, message: string, status: number]>;

/** The name of one of Orthanc's errors. */
export type ErrorName = keyof typeof ERROR_CODES;
