import { createHash } from 'node:crypto';
import { type DicomDictionary, MainDicomTags } from '@annal/dicom';
import type { EventLog } from '@annal/domain';
import { ANNAL_VERSION, type AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { JsonText, renderJson } from '../../http/json/render-json.js';
import { CONFIGURATION, DICTIONARY, EVENT_LOG } from '../../tokens.js';
import { CLAIM } from './claim.js';

/** What `/system` says: fixed from start to stop, so it is made once. */
@Injectable()
export class SystemInformation {
  private readonly text: JsonText;

  constructor(
    @Inject(CONFIGURATION) configuration: AnnalConfiguration,
    @Inject(DICTIONARY) dictionary: DicomDictionary,
    @Inject(EVENT_LOG) log: EventLog,
  ) {
    const mainTags = new MainDicomTags(dictionary, configuration.ExtraMainDicomTags);
    this.text = new JsonText(
      renderJson({
        ...CLAIM,
        AnnalVersion: ANNAL_VERSION,
        CheckRevisions: configuration.CheckRevisions,
        DatabaseServerIdentifier: configuration.DatabaseServerIdentifier ?? identifierOf(log.logId),
        DefaultRetrieveMethod: configuration.DicomDefaultRetrieveMethod,
        DicomAet: configuration.DicomAet,
        DicomPort: configuration.DicomPort,
        HttpPort: configuration.HttpPort,
        IngestTranscoding: configuration.IngestTranscoding ?? '',
        // as Orthanc means it: not open to everybody, encrypted or not
        IsHttpServerSecure: !configuration.RemoteAccessAllowed || configuration.AuthenticationEnabled,
        MainDicomTags: {
          Instance: mainTags.signature('Instance'),
          Patient: mainTags.signature('Patient'),
          Series: mainTags.signature('Series'),
          Study: mainTags.signature('Study'),
        },
        MaximumPatientCount: configuration.MaximumPatientCount,
        MaximumStorageMode: configuration.MaximumStorageMode,
        MaximumStorageSize: configuration.MaximumStorageSize,
        Name: configuration.Name,
        OverwriteInstances: configuration.OverwriteInstances,
        ReadOnly: configuration.ReadOnly,
        StorageCompression: configuration.StorageCompression,
        UserMetadata: userMetadata(configuration.UserMetadata),
      }),
    );
  }

  read(): JsonText {
    return this.text;
  }
}

/** Each number by its name, and by itself. */
function userMetadata(names: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, number]) => [
      [String(number), number],
      [name, number],
    ]),
  );
}

/** An identifier in Orthanc's form that stays the same as long as the archive: made from the log's. */
function identifierOf(logId: string): string {
  return createHash('sha1').update(logId).digest('hex').match(/.{8}/g)!.join('-');
}
