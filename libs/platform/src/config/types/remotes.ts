import { IsBoolean, IsIn, IsInt, IsOptional, IsPort, IsString, IsUrl, Length, Min, ValidateBy } from 'class-validator';
import { Transform } from 'class-transformer';
import { areHttpHeaders, NO_HTTP_HEADER } from '../../http/http-header.js';
import { isJsonObject } from '../json.js';
import { validated } from './validated-class.js';
import { withProperties } from './server-properties.js';

const portAsText = ({ value }: { value: unknown }): unknown => (typeof value === 'number' ? String(value) : value);
const URL_OPTIONS = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

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
  @IsUrl(URL_OPTIONS) Url!: string;
  @IsOptional() @IsString() Username?: string;
  @IsOptional() @IsString() Password?: string;
  @IsOptional() @IsTexts() @IsHttpHeaders() HttpHeaders?: Readonly<Record<string, string>>;
  @IsOptional() @IsString() CertificateFile?: string;
  @IsOptional() @IsString() CertificateKeyFile?: string;
  @IsOptional() @IsString() CertificateKeyPassword?: string;
  @IsOptional() @IsBoolean() Pkcs11?: boolean;
  /** Seconds. */
  @IsOptional() @IsInt() @Min(0) Timeout?: number;
  /** The name under which the peer knows this server, for transfers it should push. */
  @IsOptional() @IsString() RemoteSelf?: string;
}

/** A DICOMweb server Annal is a client of ("DicomWeb.Servers"). */
export class DicomWebServerOptions extends PeerOptions {
  @IsOptional() @IsBoolean() HasDelete?: boolean;
  @IsOptional() @IsBoolean() ChunkedTransfers?: boolean;
  @IsOptional() @IsBoolean() HasWadoRsUniversalTransferSyntax?: boolean;
}

const url = 'a URL, with user name and password or without';

/** [AET, host, port] or [AET, host, port, manufacturer], or an object. */
export const modality = validated('a modality: an AET, a host and a port', ModalityOptions, (list) =>
  named(['AET', 'Host', 'Port', 'Manufacturer'], list),
);
/** [URL] or [URL, user, password], or an object, also with properties of the user's own. */
export const peer = withProperties(
  validated(`a peer: ${url}`, PeerOptions, (list) => named(['Url', 'Username', 'Password'], list)),
);
/** [URL] or [URL, user, password], or an object, also with properties of the user's own. */
export const dicomWebServer = withProperties(
  validated(`a DICOMweb server: ${url}`, DicomWebServerOptions, (list) => named(['Url', 'Username', 'Password'], list)),
);

function areTexts(value: unknown): value is Record<string, string> {
  return isJsonObject(value) && Object.values(value).every((each) => typeof each === 'string');
}

function named<T>(names: readonly string[], list: readonly T[]): Record<string, T> {
  return Object.fromEntries(list.map((value, index) => [names[index] ?? `member ${index + 1}`, value]));
}
