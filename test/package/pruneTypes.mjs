// Takes declarations away that no entry leads to: those of what is inside. A room's door hands on what other rooms need
// as well, so it keeps the names alone that somebody asks it for.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FROM = /(?:import|export) (?:type )?\{([^}]*)\} from '(\.[^']+)';?/g;
const ALL_FROM = /export \* from '(\.[^']+)'/g;
const INLINE = /import\('(\.[^']+)'\)\.(\w+)/g;

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
/** @param {unknown} target @returns {string[]} */
const typesOf = (target) =>
  typeof target === 'string'
    ? [target].filter((file) => file.endsWith('.d.ts'))
    : Object.values(Object(target)).flatMap(typesOf);
/** The declarations that a file means. @param {string} file @param {string} from */
const fileOf = (file, from) => join(dirname(file), from).replace(/(\.d)?\.(js|tsx?)$/, '.d.ts');
/** Each name of a clause: as it is called where it comes from, and here. @param {string} clause */
const namesOf = (clause) =>
  clause
    .split(',')
    .map((part) => part.trim().replace(/^type /, ''))
    .filter(Boolean)
    .map((part) => {
      const [there = '', here = there] = part.split(/ as /);
      return { there, here };
    });
/** Whether a file does nothing but hand on. @param {string} text */
const isDoor = (text) => text.includes('export {') && text.replaceAll(FROM, '').trim() === '';

/** What is asked of each file. @type {Map<string, Set<string>>} */
const asked = new Map();
/** @param {string} file @param {string} name */
function ask(file, name) {
  const names = asked.get(file) ?? new Set();
  const isNew = !asked.has(file);
  asked.set(file, names);
  if (names.has(name) || !existsSync(file)) return;
  names.add(name);
  const text = readFileSync(file, 'utf8');
  const isHandedOn = isDoor(text) && name !== '*';
  if (!isNew && !isHandedOn && name !== '*') return;
  for (const [, clause = '', from = ''] of text.matchAll(FROM)) {
    for (const { there, here } of namesOf(clause)) {
      if (!isHandedOn || here === name) ask(fileOf(file, from), there);
    }
  }
  for (const [, from = ''] of text.matchAll(ALL_FROM)) ask(fileOf(file, from), '*');
  for (const [, from = '', there = ''] of text.matchAll(INLINE)) ask(fileOf(file, from), there);
}

for (const file of Object.values(exports).flatMap(typesOf)) ask(join(file), '*');
for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const file = join('dist', name);
  if (!name.endsWith('.d.ts')) continue;
  const names = asked.get(file);
  if (!names) {
    rmSync(file);
    continue;
  }
  const text = readFileSync(file, 'utf8');
  if (!isDoor(text) || names.has('*')) continue;
  const kept = text.replaceAll(FROM, (statement, clause) => {
    const parts = String(clause)
      .split(',')
      .filter((part) => namesOf(part).some(({ here }) => names.has(here)));
    return parts.length > 0 ? statement.replace(clause, ` ${parts.join(',').trim()} `) : '';
  });
  writeFileSync(file, `${kept.trim().replaceAll(/\n{2,}/g, '\n')}\n`);
}
