import { IsBoolean, IsIn, IsInt, IsOptional, IsPort, IsString, Length, Min, ValidateBy } from 'class-validator';
import { Transform } from 'class-transformer';
import { whyNoServerUrl } from '../../http/server-url.js';
import { areHttpHeaders, NO_HTTP_HEADER } from '../../http/http-header.js';
import { isJsonObject } from '../json.js';
import { flagOf } from './flag.js';
import { validated } from './validated-class.js';
import type { ValueType } from './value-type.js';
import { withProperties } from './server-properties.js';

const portAsText = ({ value }: { value: unknown }): unknown => (typeof value === 'number' ? String(value) : value);
const flag = ({ value }: { value: unknown }): unknown => flagOf(value) ?? value;

/** Where requests can go, with a scheme or without. */
const IsServerUrl = (): PropertyDecorator =>
  ValidateBy({
    name: 'isServerUrl',
    validator: {
      validate: (value) => typeof value === 'string' && value !== '' && whyNoServerUrl(value) === undefined,
      defaultMessage: () => '$property must be a URL of http or https',
    },
  });

/** Names to texts, as HTTP headers are. */
const IsTexts = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTexts',
    validator: {
      validate: areTexts,
      defaultMessage: () => '$property must be an object of texts',
    },
  });

/** Headers that can be sent, where they are texts. */
const IsHttpHeaders = (): PropertyDecorator =>
  ValidateBy({
    name: 'isHttpHeaders',
    validator: {
      validate: (value) => !areTexts(value) || areHttpHeaders(value),
      defaultMessage: () => NO_HTTP_HEADER,
    },
  });

/** A DICOM modality Annal talks to ("DicomModalities"). */
export class ModalityOptions {
  @IsString() @Length(1, 16) AET!: string;
  @IsString() @Length(1, 255) Host!: string;
  /** TCP port as decimal digits. */
  @Transform(portAsText) @IsPort() Port!: string;
  @IsOptional() @IsString() Manufacturer?: string;
  @IsOptional() @IsBoolean() AllowEcho?: boolean;
  @IsOptional() @IsBoolean() AllowFind?: boolean;
  @IsOptional() @IsBoolean() AllowFindWorklist?: boolean;
  @IsOptional() @IsBoolean() AllowGet?: boolean;
  @IsOptional() @IsBoolean() AllowMove?: boolean;
  @IsOptional() @IsBoolean() AllowStore?: boolean;
  @IsOptional() @IsBoolean() AllowStorageCommitment?: boolean;
  @IsOptional() @IsBoolean() AllowNAction?: boolean;
  @IsOptional() @IsBoolean() AllowEventReport?: boolean;
  @IsOptional() @IsBoolean() AllowTranscoding?: boolean;
  @IsOptional() @IsBoolean() UseDicomTls?: boolean;
  @IsOptional() @IsString() @Length(0, 16) LocalAet?: string;
  /** Seconds. */
  @IsOptional() @IsInt() @Min(0) Timeout?: number;
  @IsOptional() @IsIn(['C-MOVE', 'C-GET', 'SystemDefault']) RetrieveMethod?: string;
}

/** A server reached over HTTP: an Orthanc peer ("OrthancPeers"). */
export class PeerOptions {
  @IsServerUrl() Url!: string;
  @IsOptional() @IsString() Username?: string;
  @IsOptional() @IsString() Password?: string;
  @IsOptional() @IsTexts() @IsHttpHeaders() HttpHeaders?: Readonly<Record<string, string>>;
  @IsOptional() @IsString() CertificateFile?: string;
  @IsOptional() @IsString() CertificateKeyFile?: string;
  @IsOptional() @IsString() CertificateKeyPassword?: string;
  @IsOptional() @IsBoolean() Pkcs11?: boolean;
  /** Seconds. */
  @IsOptional() @IsInt() @Min(0) Timeout?: number;
}

/** A DICOMweb server Annal is a client of ("DicomWeb.Servers"). */
export class DicomWebServerOptions extends PeerOptions {
  @IsOptional() @Transform(flag) @IsBoolean() HasDelete?: boolean;
  @IsOptional() @Transform(flag) @IsBoolean() ChunkedTransfers?: boolean;
  @IsOptional() @Transform(flag) @IsBoolean() HasWadoRsUniversalTransferSyntax?: boolean;
}

const url = 'a URL, with user name and password or without';

/** [AET, host, port] or [AET, host, port, manufacturer], or an object. */
export const modality = validated('a modality: an AET, a host and a port', ModalityOptions, (list) =>
  named(['AET', 'Host', 'Port', 'Manufacturer'], list),
);
const server = (what: string, options: new () => PeerOptions, own: readonly string[]): ValueType<PeerOptions> =>
  withProperties(
    // its URL may hold a password
    validated(`${what}: ${url}`, options, (list) => named(['Url', 'Username', 'Password'], list), true),
    own,
  );

/** [URL] or [URL, user, password], or an object, also with properties of the user's own. */
export const peer = server('a peer', PeerOptions, []);
/** [URL] or [URL, user, password], or an object, also with properties of the user's own. */
export const dicomWebServer: ValueType<DicomWebServerOptions> = server('a DICOMweb server', DicomWebServerOptions, [
  'HasDelete',
  'ChunkedTransfers',
  'HasWadoRsUniversalTransferSyntax',
]);

function areTexts(value: unknown): value is Record<string, string> {
  return isJsonObject(value) && Object.values(value).every((each) => typeof each === 'string');
}

function named<T>(names: readonly string[], list: readonly T[]): Record<string, T> {
  return Object.fromEntries(list.map((value, index) => [names[index] ?? `member ${index + 1}`, value]));
}
