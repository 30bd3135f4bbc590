import type { AppendRefused, AppendUnknown, EventTooLarge, NotYetVisible, Position, Written } from '@annal/domain';
import type { AnnalConfiguration, DatabaseConfig, LogSettings } from '@annal/platform';
import type { MadeRoom, WantedRoom } from '@annal/projections';
import type { RuntimeValues } from './runtime-settings.js';

/** What a worker asks of the primary; `id` is answered in the reply. */
export type WorkerRequest =
  | { readonly kind: 'submit'; readonly id: number; readonly bodies: readonly string[] }
  | { readonly kind: 'set'; readonly id: number; readonly name: keyof RuntimeValues; readonly value: unknown }
  | { readonly kind: 'metrics'; readonly id: number }
  | { readonly kind: 'room-wanted'; readonly id: number; readonly wanted: WantedRoom };

/** What a worker tells the primary. */
export type WorkerNotice =
  | { readonly kind: 'listening' }
  | { readonly kind: 'cannot-listen'; readonly message: string }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'applied'; readonly id: number };

export type WorkerMessage = WorkerRequest | WorkerNotice;

/** What the primary tells a worker. */
export type PrimaryMessage =
  | {
      readonly kind: 'start';
      readonly configuration: AnnalConfiguration;
      readonly database: DatabaseConfig;
      readonly values: RuntimeValues;
      /** Whether each worker listens by itself. */
      readonly sharesPort: boolean;
      /** Whether the worker writes the log by itself, as the only one; else the primary does for all. */
      readonly writesLog: boolean;
      readonly logId: string;
      /** What all workers of this server have in common, new at each of its starts. */
      readonly server: string;
      /** Older jobs are of a last run that is not to go on; undefined: all go on. */
      readonly jobsForgottenBefore: Date | undefined;
      readonly log: LogSettings;
    }
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: Failure }
  | { readonly kind: 'apply'; readonly id: number; readonly values: RuntimeValues }
  | { readonly kind: 'stop' };

/** An error as it crosses processes. */
export interface Failure {
  readonly name: (AppendRefused | AppendUnknown | EventTooLarge | NotYetVisible)['name'] | 'Error';
  readonly message: string;
  /** Of NotYetVisible. */
  readonly positions?: readonly Position[];
}

/** The results of requests, by kind. */
export interface Results {
  readonly submit: Written;
  readonly set: undefined;
  readonly metrics: string;
  readonly 'room-wanted': MadeRoom;
}
