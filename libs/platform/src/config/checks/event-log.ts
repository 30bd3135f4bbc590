import { readFileSync } from 'node:fs';
import { type AnnalConfiguration } from '../configuration.js';
import { reason } from '../source/files.js';
import { type Findings } from '../source/source.js';

/** Where the event log is, and how to get there. */
export function checkEventLog({ Annal }: AnnalConfiguration, findings: Findings): void {
  const { EventLog: log, Roles, Database } = Annal;
  const { errors, warnings } = findings;
  if (log.Kind === 'postgres') {
    if (!Roles.includes('api') && !Roles.includes('dicom')) {
      errors.push(
        'Annal.Roles: with the PostgreSQL log events are folded as they are written, there is no projector to run apart. Add "api", or set Annal.EventLog.Kind to "kafka"',
      );
    }
    return;
  }
  if (!Roles.includes('api') && !Roles.includes('dicom') && Database.Url === undefined) {
    errors.push(
      'Annal.Roles: what does not answer requests itself shares a database with what does. Set Annal.Database.Url, or add "api"',
    );
  }
  if (log.Brokers.length === 0) {
    errors.push(
      'Annal.EventLog.Brokers: name at least one broker, as "host:9092", or set Annal.EventLog.Kind to "postgres"',
    );
  }
  if ([log.Topic, `${log.Topic}.control`].includes(log.ChangesTopic)) {
    errors.push('Annal.EventLog.ChangesTopic: what everybody may read needs a topic of its own. Give it another name');
  }
  if (log.DevelopmentBroker) {
    warnings.push('Annal.EventLog.DevelopmentBroker is true: events have one replica, and are lost with it');
  }
  checkLogin(log, findings);
  checkEncryption(log, findings);
}

type EventLogOptions = AnnalConfiguration['Annal']['EventLog'];

function checkLogin({ Sasl, Tls }: EventLogOptions, { errors, warnings }: Findings): void {
  if (Sasl.Mechanism === 'none') return;
  if (Sasl.Mechanism === 'oauthbearer') {
    const byClient = Sasl.TokenUrl !== undefined && Sasl.ClientId !== undefined && Sasl.ClientSecret !== undefined;
    if (Sasl.TokenFile === undefined && !byClient) {
      errors.push('Annal.EventLog.Sasl: "oauthbearer" needs TokenFile, or TokenUrl, ClientId and ClientSecret');
    }
    if (Sasl.TokenFile === undefined && Sasl.TokenUrl?.startsWith('http:')) {
      warnings.push(
        'Annal.EventLog.Sasl.TokenUrl begins with http: anybody between here and there reads the ClientSecret',
      );
    }
  } else if (Sasl.Username === undefined || Sasl.Password === undefined) {
    errors.push(`Annal.EventLog.Sasl: "${Sasl.Mechanism}" needs Username and Password`);
  }
  const inClear: Partial<Record<string, string>> = { plain: 'password', oauthbearer: 'token' };
  const shown = inClear[Sasl.Mechanism];
  if (!Tls.Enabled && shown !== undefined) {
    warnings.push(
      `Annal.EventLog.Sasl.Mechanism is "${Sasl.Mechanism}" without Tls: anybody between here and the brokers reads the ${shown}`,
    );
  }
}

function checkEncryption({ Tls }: EventLogOptions, { errors, warnings }: Findings): void {
  if (!Tls.Enabled) return;
  if ((Tls.CertificateFile === undefined) !== (Tls.KeyFile === undefined)) {
    errors.push('Annal.EventLog.Tls: CertificateFile and KeyFile go together');
  }
  if (!Tls.Verify) warnings.push('Annal.EventLog.Tls.Verify is false: anybody can pretend to be a broker');
  for (const option of ['CaFile', 'CertificateFile', 'KeyFile'] as const) {
    const file = Tls[option];
    try {
      if (file !== undefined) readFileSync(file);
    } catch (error) {
      errors.push(`Annal.EventLog.Tls.${option}: ${file} cannot be read: ${reason(error)}`);
    }
  }
}
