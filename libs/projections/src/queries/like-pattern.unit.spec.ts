import { likePattern, normalizedLikePattern } from './like-pattern.js';

describe('LIKE patterns', () => {
  it('escape what LIKE would take for wildcards', () => {
    expect(likePattern('50%_*\\?')).toBe('50\\%\\_%\\\\_');
  });

  it('join wildcards that follow each other', () => {
    expect(likePattern('**A**')).toBe('%A%');
  });

  it('for normalised text drop what normalising drops', () => {
    expect(normalizedLikePattern(' Ré n*')).toBe('RE N%');
    expect(normalizedLikePattern('a * b?')).toBe('A%B%');
    expect(normalizedLikePattern('?_x')).toBe('%\\_X');
  });
});
