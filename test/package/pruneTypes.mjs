// Takes declarations away that no entry leads to: those of what is inside.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
/** @param {unknown} target @returns {string[]} */
const typesOf = (target) =>
  typeof target === 'string'
    ? [target].filter((file) => file.endsWith('.d.ts'))
    : Object.values(Object(target)).flatMap(typesOf);

const reached = new Set();
const waiting = Object.values(exports)
  .flatMap(typesOf)
  .map((file) => join(file));
for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
  if (reached.has(file) || !existsSync(file)) continue;
  reached.add(file);
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(
    /(?:from |import\()'(\.[^']+)'/g,
  )) {
    waiting.push(join(dirname(file), from).replace(/\.(js|tsx?)$/, '.d.ts'));
  }
}
for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const file = join('dist', name);
  if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
}
