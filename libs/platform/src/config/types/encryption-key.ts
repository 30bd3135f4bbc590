import { IsOptional, IsString, Matches } from 'class-validator';
import { validated } from './validated-class.js';

/** A key that Annal encrypts DICOM files with ("Annal.Storage.Encryption.Keys"), given as such or by a file. */
export class EncryptionKeyOptions {
  /** Stands in what is encrypted with the key. */
  @Matches(/^[A-Za-z0-9._-]{1,32}$/, { message: 'wanted 1 to 32 letters, digits, ".", "_" and "-"' }) Id!: string;
  /** 32 bytes in base64. */
  @IsOptional() @Matches(/^[A-Za-z0-9+/]{43}=$/, { message: 'wanted 32 bytes in base64' }) Key?: string;
  /** The path of a file with 32 bytes, as they are or in base64. */
  @IsOptional() @IsString() KeyFile?: string;
}

/** A key by its Id and either Key or KeyFile. */
export const encryptionKey = validated(
  'an object with Id and either Key or KeyFile',
  EncryptionKeyOptions,
  undefined,
  true,
);
