import { transferableSymbol, valueSymbol } from 'piscina';
import { handedOver } from './handed-over.js';

/** What piscina makes of an answer. */
interface Sent {
  readonly [transferableSymbol]: readonly ArrayBuffer[];
  readonly [valueSymbol]: { readonly bytes: Uint8Array | Uint16Array };
}

const sent = (bytes: Uint8Array | Uint16Array, input: Uint8Array): Sent =>
  handedOver((own) => ({ bytes: own }), bytes, input) as unknown as Sent;

describe('the answer of a thread', () => {
  it('hands over its memory and gives back what the thread was given', () => {
    const input = Buffer.from(new ArrayBuffer(8));
    const bytes = Uint8Array.of(1, 2, 3);
    const answer = sent(bytes, input);
    expect(answer[transferableSymbol]).toEqual([bytes.buffer]);
    expect(answer[valueSymbol].bytes).toBe(bytes);
    expect(input.length).toBe(0);
  });

  it('has no more than its bytes, where these are a part of some memory', () => {
    const input = Buffer.from(Uint8Array.of(1, 2, 3, 4).buffer);
    const narrow = sent(input.subarray(1, 3), input);
    expect([...narrow[valueSymbol].bytes]).toEqual([2, 3]);
    expect(narrow[transferableSymbol][0]!.byteLength).toBe(2);
    const words = sent(Uint16Array.of(1, 2, 3).subarray(1), new Uint8Array(1));
    expect([...words[valueSymbol].bytes]).toEqual([2, 3]);
    expect(words[transferableSymbol][0]!.byteLength).toBe(4);
  });

  it('keeps what it was given, where that is the answer', () => {
    const input = Buffer.from(Uint8Array.of(1, 2).buffer);
    expect([...sent(input, input)[valueSymbol].bytes]).toEqual([1, 2]);
  });
});
