// Draws the README's chart from test/bench/results.json: `npm run bench:chart`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
/** @type {{ medians: Record<string, Record<string, number>> }} */
const { medians } = JSON.parse(readFileSync(read('results.json'), 'utf8'));

const PHASES = [
  ['mount', 'Mount 10,000 components'],
  ['flip1', 'One flag flips, update to DOM'],
  ['unmount', 'Unmount'],
  ['heapBytes', 'Heap per component'],
];
const FLOOR = 'floor';
const OURS = 'react-appconfig';
const names = Object.keys(medians).filter((name) => name !== FLOOR);

const LABEL_WIDTH = 150;
const BAR_WIDTH = 400;
const ROW = 20;
const GAP = 40;
const width = LABEL_WIDTH + BAR_WIDTH + 80;
const height = PHASES.length * (names.length * ROW + GAP) + 24;

const ratioOf = (/** @type {string} */ name, /** @type {string} */ phase) =>
  (medians[name]?.[phase] ?? Number.NaN) / (medians[FLOOR]?.[phase] ?? Number.NaN);
const ratios = names.flatMap((name) => PHASES.map(([phase = '']) => ratioOf(name, phase)));
const least = Math.min(0.25, ...ratios);
const most = Math.max(...ratios);
// Logarithmic: the peers are up to hundreds of times apart.
const x = (/** @type {number} */ ratio) =>
  LABEL_WIDTH + (BAR_WIDTH * Math.log(ratio / least)) / Math.log(most / least);

let y = 12;
const parts = PHASES.map(([phase = '', title = '']) => {
  const top = y + 22;
  const bars = names.map((name, index) => {
    const ratio = ratioOf(name, phase);
    const at = top + index * ROW;
    return `<text x="${LABEL_WIDTH - 8}" y="${at + 13}" text-anchor="end"${name === OURS ? ' font-weight="bold"' : ''}>${name}</text>
<rect x="${LABEL_WIDTH}" y="${at + 3}" width="${Math.max(1, x(ratio) - LABEL_WIDTH).toFixed(1)}" height="${ROW - 6}" rx="3" fill="${name === OURS ? '#4b46c8' : '#9aa0b4'}"/>
<text x="${(x(ratio) + 6).toFixed(1)}" y="${at + 13}">${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)}×</text>`;
  });
  const bottom = top + names.length * ROW;
  y = bottom + GAP - 22;
  return `<text x="${LABEL_WIDTH}" y="${top - 6}" font-weight="bold">${title}</text>
<line x1="${x(1).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="${top}" y2="${bottom}" stroke="#d4493f" stroke-dasharray="3 3"/>
${bars.join('\n')}`;
});

writeFileSync(
  read('../../storybook/pictures/speed.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#3a4052">
<rect width="100%" height="100%" fill="#ffffff" rx="8"/>
${parts.join('\n')}
<text x="${LABEL_WIDTH}" y="${height - 8}" fill="#6a7085">Ratio to a bare store (dashed line), logarithmic scale; shorter is better.</text>
</svg>
`,
);
