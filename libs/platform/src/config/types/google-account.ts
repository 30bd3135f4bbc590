import { IsInt, IsOptional, IsString, Length, Matches, Min } from 'class-validator';
import { validated } from './validated-class.js';
import { type ValueType } from './value-type.js';

/** What a URL of the Healthcare API looks like. */
export const API_URL = /^https?:\/\/[^\s?#]+$/;

/** An account of Google Cloud Platform and the DICOM store it is for ("GoogleCloudPlatform.Accounts"). */
export class GoogleAccountOptions {
  @IsString() @Length(1, 255) Project!: string;
  @IsString() @Length(1, 255) Location!: string;
  @IsString() @Length(1, 255) Dataset!: string;
  @IsString() @Length(1, 255) DicomStore!: string;
  /** The path of the JSON file of a service account. */
  @IsOptional() @IsString() ServiceAccountFile?: string;
  /** The path of a JSON file with the client_id, client_secret and refresh_token of a user. */
  @IsOptional() @IsString() AuthorizedUserFile?: string;
  @IsOptional() @IsString() AuthorizedUserClientId?: string;
  @IsOptional() @IsString() AuthorizedUserClientSecret?: string;
  @IsOptional() @IsString() AuthorizedUserRefreshToken?: string;
  /** Instead of the section's, such as that of another version of the API. */
  @IsOptional() @IsString() @Matches(API_URL) BaseUrl?: string;
  /** Instead of the section's, seconds; 0: HttpTimeout. */
  @IsOptional() @IsInt() @Min(0) Timeout?: number;
}

const KINDS =
  'ServiceAccountFile, AuthorizedUserFile, or all of AuthorizedUserClientId, -ClientSecret and -RefreshToken';
const account = validated(
  `an object with Project, Location, Dataset, DicomStore, and one of ${KINDS}`,
  GoogleAccountOptions,
  undefined,
  true,
);

/** An account with credentials of exactly one kind. */
export const googleAccount: ValueType<Readonly<GoogleAccountOptions>> = {
  ...account,
  read(value, at, problems) {
    const read = account.read(value, at, problems);
    if (!read || hasOneKind(read)) return read;
    problems.push(`${at}: wanted credentials of one kind: ${KINDS}`);
    return undefined;
  },
};

function hasOneKind(account: GoogleAccountOptions): boolean {
  const { AuthorizedUserClientId, AuthorizedUserClientSecret, AuthorizedUserRefreshToken } = account;
  const user = [AuthorizedUserClientId, AuthorizedUserClientSecret, AuthorizedUserRefreshToken].map(isGiven);
  const kinds = [account.ServiceAccountFile, account.AuthorizedUserFile].filter(isGiven).length;
  return user.every(Boolean) ? kinds === 0 : kinds === 1 && !user.some(Boolean);
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}
