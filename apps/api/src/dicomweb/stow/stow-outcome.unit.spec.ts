import { AppendRefused, AppendUnknown, BlobStoreUnavailable, StorageFull } from '@annal/domain';
import { BadMetadata, UnsupportedBulkData } from '@annal/dicomweb';
import { MissingIdentifier, NotDicom } from '@annal/projections';
import { BeyondLimit } from '../../intake/intake-errors.js';
import { failureOf, OtherStudy } from './failure-reason.js';
import { pluginStatus, standardStatus, type StowOutcome } from './stow-outcome.js';

const uids = { sopClassUid: '1.2', sopInstanceUid: '1', studyInstanceUid: '2', seriesInstanceUid: '3' };
const ids = { patient: 'p', study: 's', series: 'e', instance: 'i' };
const stored: StowOutcome = { stored: { status: 'Success', ids }, uids };
const pending: StowOutcome = { stored: { status: 'NotYetVisible', ids }, uids };
const failed = (error: unknown): StowOutcome => ({ failure: failureOf(error) });
const other = failed(new OtherStudy(uids));
const bad = failed(new NotDicom('no'));
const full = failed(new StorageFull('full'));
const away = failed(new AppendUnknown('perhaps'));

describe('the reason of a failure', () => {
  it.each<[string, unknown, number, string]>([
    ['no DICOM', new NotDicom('no'), 0xc000, 'bad'],
    ['no identifier', new MissingIdentifier('no', uids), 0xc000, 'bad'],
    ['another study', new OtherStudy(uids), 0x0110, 'conflict'],
    ['metadata that are none', new BadMetadata('no'), 0xc000, 'bad'],
    ['bulk data that are not there', new BadMetadata('no', { bulkData: true }), 0xc001, 'bad'],
    ['bulk data of an unknown type', new UnsupportedBulkData('no'), 0xc122, 'bad'],
    ['a limit', new BeyondLimit('1'), 0xa701, 'bad'],
    ['a full storage', new StorageFull('full'), 0xa700, 'no room'],
    ['a full disk', Object.assign(new Error('no'), { code: 'ENOSPC' }), 0xa700, 'no room'],
    ['a log that takes nothing', new AppendRefused('no'), 0x0110, 'unavailable'],
    ['a log that does not answer', new AppendUnknown('no'), 0x0110, 'unavailable'],
    ['a storage that does not answer', new BlobStoreUnavailable('no'), 0x0110, 'unavailable'],
    ['anything else', new Error('no'), 0x0110, 'internal'],
  ])('%s is told by its code', (_what, error, reason, kind) => {
    expect(failureOf(error)).toMatchObject({ reason, kind });
  });
});

describe('the status of an answer', () => {
  it.each<[string, readonly StowOutcome[], number, number]>([
    ['nothing', [], 200, 200],
    ['all stored', [stored, stored], 200, 200],
    ['some not yet visible', [stored, pending], 202, 202],
    ['one bad', [stored, bad], 400, 202],
    ['all bad', [bad, bad], 400, 400],
    ['one of another study', [stored, other], 409, 202],
    ['all of another study', [other], 409, 409],
    ['bad ones and those of another study', [bad, other], 400, 409],
    ['no room for one', [stored, full], 400, 202],
    ['no room', [full], 400, 409],
    ['perhaps stored', [stored, away], 503, 202],
    ['nothing stored for now', [away, bad], 503, 503],
  ])('for %s', (_what, outcomes, plugin, standard) => {
    expect([pluginStatus(outcomes).status, standardStatus(outcomes).status]).toEqual([plugin, standard]);
    const retry = outcomes.includes(away);
    expect([pluginStatus(outcomes).retry, standardStatus(outcomes).retry]).toEqual([retry, retry]);
  });
});
