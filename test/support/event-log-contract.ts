import { AppendRefused, BEGINNING, type EventLog, type RecordedEvent } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import { storedEvent } from './stored-event.js';

/** What an event log under this contract offers to its test. */
export interface ContractSubject {
  readonly log: EventLog;
  /** A second writer of the same log. */
  readonly other: EventLog;
  close(): Promise<void>;
}

/** What every adapter of the EventLog port must do; run by the test of each. */
export function describeEventLogContract(name: string, open: () => Promise<ContractSubject>): void {
  describe(`${name} keeps the contract of an event log`, () => {
    let subject: ContractSubject;

    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());

    it('begins with LogCreated, which names the log', async () => {
      const [first] = await subject.log.read(BEGINNING, 10);
      expect(first).toMatchObject({
        type: 'annal.log.created.v1',
        data: { logId: subject.log.logId },
        position: { partition: 0, offset: 0 },
      });
      expect(subject.other.logId).toBe(subject.log.logId);
    });

    it('gives back what was appended, at the positions it answered', async () => {
      const event = instance('1.1');
      const [position] = await subject.log.append([event]);
      const read = await subject.log.read({ partition: 0, offset: position!.offset - 1 }, 1);
      // a log that may hold an event twice says who wrote it
      expect(read.map(({ writing: _writing, ...rest }) => rest)).toEqual([{ ...event, position }]);
      expect(await subject.log.end()).toEqual(position);
    });

    it('keeps the events of a command together and in order', async () => {
      const appends = Array.from({ length: 20 }, (_, i) => [
        instance(`2.${i}.1`),
        instance(`2.${i}.2`),
        instance(`2.${i}.3`),
      ]);
      const writers = [subject.log, subject.other];
      const positions = await Promise.all(appends.map((events, i) => writers[i % 2]!.append(events)));
      for (const [first, second, third] of positions) {
        expect([second!.offset, third!.offset]).toEqual([first!.offset + 1, first!.offset + 2]);
      }
    });

    it('has no gaps and gives no position twice, with two writers at once', async () => {
      const writers = [subject.log, subject.other];
      const positions = await Promise.all(
        Array.from({ length: 100 }, (_, i) => writers[i % 2]!.append([instance(`3.${i}`)])),
      );
      const offsets = positions
        .flat()
        .map(({ offset }) => offset)
        .sort((a, b) => a - b);
      expect(offsets).toEqual(Array.from({ length: 100 }, (_, i) => offsets[0]! + i));
      const events = await subject.log.read({ partition: 0, offset: offsets[0]! - 1 }, 1000);
      expect(events.map(({ position }) => position.offset)).toEqual(offsets);
    });

    it('shows a subscriber every event once and in order, those from before and those to come', async () => {
      await subject.log.append([instance('4.1')]);
      const seen: RecordedEvent[] = [];
      let arrived!: () => void;
      const complete = new Promise<void>((resolve) => (arrived = resolve));
      const subscription = subject.other.subscribe({ partition: 0, offset: 0 }, async (events) => {
        seen.push(...events);
        if (seen.length >= 11) arrived();
      });
      for (let i = 2; i <= 11; i++) await subject.log.append([instance(`4.${i}`)]);
      await complete;
      await subscription.stop();
      expect(seen.map(({ position }) => position.offset)).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
    });

    it('has nothing to read at its end and beyond', async () => {
      const end = await subject.log.end();
      for (const beyond of [0, 1, 1000]) {
        expect(await subject.log.read({ partition: 0, offset: end.offset + beyond }, 10)).toEqual([]);
      }
    });

    it('refuses an event that cannot be folded, alone', async () => {
      const bad = { ...instance('5.1'), sealed: undefined };
      const results = await Promise.allSettled([
        subject.log.append([instance('5.2')]),
        subject.log.append([bad]),
        subject.log.append([instance('5.3')]),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(AppendRefused);
    });

    it('refuses NUL, which no table can hold', async () => {
      await expect(subject.log.append([{ ...instance('6.1'), source: 'a\0b' }])).rejects.toBeInstanceOf(AppendRefused);
      await expect(subject.log.append([instance('6.2', 'A\0B')])).rejects.toBeInstanceOf(AppendRefused);
    });

    it('refuses an instance whose file was begun so long ago that it may soon be taken for an orphan', async () => {
      const event = instance('8.1');
      const key = uuidv7({ msecs: Date.now() - 13 * 3_600_000 });
      const old = { ...event, data: { ...event.data, blob: { ...event.data.blob, key } } };
      await expect(subject.log.append([old])).rejects.toBeInstanceOf(AppendRefused);
      await subject.log.append([event]);
    });

    it('takes more events at once than one batch holds', async () => {
      const before = (await subject.log.end()).offset;
      await Promise.all(Array.from({ length: 1200 }, (_, i) => subject.log.append([instance(`7.${i}`)])));
      expect((await subject.log.end()).offset).toBe(before + 1200);
    });
  });
}

function instance(uid: string, name = 'NAME'): ReturnType<typeof storedEvent> {
  return storedEvent({
    patient: 'P',
    study: '1',
    series: '1.1',
    instance: uid,
    tags: { Patient: { '00100010': name } },
  });
}
