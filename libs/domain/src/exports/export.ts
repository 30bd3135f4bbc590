import type { ResourceLine } from '../ports/resource-lookup.js';

/** What something was sent by. */
export type ExportProtocol =
  /** Orthanc's REST API: `POST /instances` of a peer. */
  | 'orthanc'
  /** DICOMweb (PS3.18 section 10.5). */
  | 'stow-rs'
  /** DIMSE (PS3.7 section 9.1.1). */
  | 'c-store'
  /** A ZIP archive, or one with a DICOMDIR, that a client downloads. */
  | 'archive'
  | 'media'
  /** Reads of clients, where they are recorded: DICOMweb (PS3.18 sections 9 and 10.4), the viewer's, what the REST API hands out of files. */
  | 'wado-rs'
  | 'wado-uri'
  | 'ohif'
  | 'file';

/** Where something was sent. No credentials: it stands in the log in clear. */
export interface ExportDestination {
  /** `client`: whoever asked, whom the actor of the event names. */
  readonly kind: 'peer' | 'dicomweb' | 'modality' | 'client';
  /** Its name in the configuration; absent: a client. */
  readonly name?: string;
  /** A URL without user, password, query and fragment; `AET@host:port`; absent: a client. */
  readonly address?: string;
}

/**
 * What became of it. `pending`: it is under way, or whoever sent it died. `success`: all of it arrived. `partial`: some did.
 * `failure`: nothing did. `aborted`: given up by who had asked for it, whatever arrived before. `prepared`: a job
 * made it ready to be downloaded; each download is an export of its own. `unknown`: nobody is left who knew.
 */
export const EXPORT_OUTCOMES = ['pending', 'success', 'partial', 'failure', 'aborted', 'prepared', 'unknown'] as const;
export type ExportOutcome = (typeof EXPORT_OUTCOMES)[number];

/** What is known of how it went. */
export interface ExportResult {
  readonly outcome: ExportOutcome;
  /** Instances that arrived, or were read: while it is pending, those so far. */
  readonly instances?: number;
  /** Instances that were not. */
  readonly failed?: number;
  readonly bytes?: number;
  /** One of Orthanc's. Words of the other side may quote a patient's data: they stand in the job's own, sealed events. */
  readonly errorCode?: number;
}

/** Something that was sent, with those above it; of what was not there when this was written, its identifier alone. */
export type ExportedResource = (ResourceLine | { readonly id: string }) & {
  /** How many instances of it were to be sent, where that is known. */
  readonly instances?: number;
};

/** How many instances of a resource have arrived so far, of the export as a whole. */
export interface ArrivedResource {
  /** Orthanc identifier, one of those that were asked for. */
  readonly id: string;
  readonly instances: number;
}

/** Its path in the REST API without the slash in front: the subject of its events. */
export function exportSubject(id: string): string {
  return `exports/${id}`;
}

/** Whether nothing that is reported later of an export counts any more: what arrived is there. */
export function isFinal(outcome: ExportOutcome): boolean {
  return outcome === 'success';
}
