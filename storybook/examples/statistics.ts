/** The 97.5th percentile of the normal distribution: for intervals of 95 %. */
const Z = 1.959_964;

/**
 * Where the true share lies, with a confidence of 95 %.
 *
 * @see https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
 */
export function wilsonInterval(successes: number, trials: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const denominator = 1 + Z ** 2 / trials;
  const center = (share + Z ** 2 / (2 * trials)) / denominator;
  const margin =
    (Z / denominator) * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  return [center - margin, center + margin];
}

/**
 * How likely two groups are to be this uneven by chance, where both should be of the same size. Under 0.001, something is
 * wrong with who is counted: do not read the result.
 *
 * @see https://en.wikipedia.org/wiki/Chi-squared_test
 */
export function sampleRatioProbability(one: number, other: number): number {
  const total = one + other;
  if (total === 0) return 1;
  const statistic = (one - other) ** 2 / total;
  return complementaryErrorFunction(Math.sqrt(statistic / 2));
}

/** Abramowitz and Stegun, 7.1.26: right to seven digits. */
function complementaryErrorFunction(x: number): number {
  const t = 1 / (1 + 0.327_591_1 * x);
  const polynomial =
    t *
    (0.254_829_592 +
      t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  return polynomial * Math.exp(-(x ** 2));
}
