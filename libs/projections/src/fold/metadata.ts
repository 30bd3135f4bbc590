import { standardSignature } from '@annal/dicom';
import type { InstanceStored, InstanceTags, Level, RecordedEvent } from '@annal/domain';
import { compactDate } from './compact-date.js';

type Stored = RecordedEvent<InstanceStored>;
type Metadata = Record<string, string>;

/** The ways in, as Orthanc names them: DICOMweb is a plugin there. */
const ORIGINS: Readonly<Record<string, string>> = { dimse: 'DicomProtocol', dicomweb: 'Plugins' };

/** The metadata that an instance is born with, under Orthanc's names (Orthanc Book, "Core metadata"). */
export function instanceMetadata(event: Stored, tags: InstanceTags): Metadata {
  const { actor, data } = event;
  const metadata: Metadata = {
    ReceptionDate: compactDate(event.time),
    RemoteAET: actor.aet ?? '',
    Origin: ORIGINS[actor.protocol] ?? 'RestApi',
    TransferSyntax: tags.transferSyntaxUid,
    SopClassUid: tags.sopClassUid,
  };
  if (actor.remoteAddress !== undefined) metadata.RemoteIP = actor.remoteAddress;
  if (actor.protocol === 'http' || actor.protocol === 'dicomweb') metadata.HttpUsername = actor.user ?? '';
  if (actor.calledAet !== undefined) metadata.CalledAET = actor.calledAet;
  if (tags.indexInSeries !== undefined) metadata.IndexInSeries = tags.indexInSeries;
  if (data.pixelDataOffset !== undefined) metadata.PixelDataOffset = String(data.pixelDataOffset);
  if (data.pixelDataVr !== undefined) metadata.PixelDataVR = data.pixelDataVr;
  return { ...metadata, ...resourceMetadata(event, tags, 'Instance') };
}

/** The metadata that a series is born with. */
export function seriesMetadata(event: Stored, tags: InstanceTags): Metadata {
  const metadata: Metadata = { RemoteAET: event.actor.aet ?? '', ...resourceMetadata(event, tags, 'Series') };
  if (tags.expectedInstances !== undefined) metadata.ExpectedNumberOfInstances = String(tags.expectedInstances);
  return metadata;
}

/** The metadata that every resource is born with; LastUpdate is kept in a column. */
export function resourceMetadata(event: Stored, tags: InstanceTags, level: Level): Metadata {
  const metadata: Metadata = {
    MainDicomTagsSignature: event.data.mainTagsSignatures?.[level] ?? standardSignature(level),
  };
  const sequences = tags.sequences?.[level];
  if (sequences !== undefined) metadata.MainDicomSequences = sequences;
  return metadata;
}
