import { Gate } from './gate.js';

describe('Gate', () => {
  it('lets no more in at once than it has room for, in the order in which they came, also when some fail', async () => {
    const gate = new Gate(2);
    const inside = new Set<number>();
    const entered: number[] = [];
    let most = 0;
    const visits = Array.from({ length: 20 }, (_, visitor) =>
      gate.run(async () => {
        entered.push(visitor);
        inside.add(visitor);
        most = Math.max(most, inside.size);
        await new Promise((resolve) => setImmediate(resolve));
        inside.delete(visitor);
        if (visitor % 3 === 0) throw new Error('failed');
        return visitor;
      }),
    );
    const results = await Promise.allSettled(visits);
    expect(most).toBe(2);
    expect(entered).toEqual(Array.from({ length: 20 }, (_, visitor) => visitor));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(7);
    await expect(gate.run(async () => 'room again')).resolves.toBe('room again');
  });
});
