import { CannotOpen, newKey, seal, unseal } from './cipher.js';

describe('what is sealed', () => {
  const key = newKey();
  const plain = Buffer.from('DOE^JANE');

  it('opens with its key and purpose alone', () => {
    const sealed = seal(key, 'tags 1', plain);
    expect(unseal(key, 'tags 1', sealed)).toEqual(plain);
    expect(() => unseal(key, 'tags 2', sealed)).toThrow(CannotOpen);
    expect(() => unseal(newKey(), 'tags 1', sealed)).toThrow(CannotOpen);
  });

  it('never has the nonce of anything else', () => {
    const nonces = Array.from({ length: 1000 }, () => seal(key, 'tags 1', plain).toString('hex', 0, 12));
    expect(new Set(nonces).size).toBe(1000);
  });
});
