import { describe, expect, it } from 'vitest';
import { sampleRatioProbability, wilsonInterval } from '../storybook/examples/statistics.ts';

describe('the statistics of the A/B test story', () => {
  it('give the published intervals', () => {
    const rounded = (successes: number, trials: number) =>
      wilsonInterval(successes, trials).map((share) => Number(share.toFixed(3)));
    expect(rounded(50, 100)).toEqual([0.404, 0.596]);
    expect(rounded(0, 10)).toEqual([0, 0.278]);
    expect(rounded(0, 0)).toEqual([0, 1]);
  });

  it('give the published probabilities of two groups', () => {
    expect(sampleRatioProbability(50, 50)).toBeCloseTo(1, 6);
    expect(sampleRatioProbability(60, 40)).toBeCloseTo(0.0455, 4);
    expect(sampleRatioProbability(1_000, 800)).toBeLessThan(0.001);
  });
});
