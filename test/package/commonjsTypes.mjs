// The types for `require`: TypeScript takes the declarations of ES modules for CommonJS by name alone, so that the package
// carries them once.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const AS_MODULE = "with { 'resolution-mode': 'import' }";
const EXPORTS = /export (type )?(\{[^}]*\}|\*) from '([^']+)'/g;

/**
 * The declarations of an entry for CommonJS.
 *
 * @param {string} entry the source of an entry, such as `src/entries/index.ts`
 * @param {string} address its declarations as an ES module, from where these will be
 * @see https://www.typescriptlang.org/docs/handbook/release-notes/typescript-5-3.html#stable-support-resolution-mode-in-import-types
 */
export function commonjsTypes(entry, address) {
  const names = readExports(entry);
  const values = names.filter(({ isType }) => !isType);
  const classes = values.flatMap(({ name, file }) => readClass(name, file));
  const types = names.filter(({ isType }) => isType).map(({ name }) => name);
  const typeNames = new Set([...types, ...classes.map(({ name }) => name)]);
  /** @param {string} text */
  const qualify = (text) =>
    text.replaceAll(/\b[A-Z]\w+\b/g, (word) => (typeNames.has(word) ? `esm.${word}` : word));
  return [
    `import type * as esm from '${address}' ${AS_MODULE};`,
    types.length > 0 ? `export type { ${types.join(', ')} } from '${address}' ${AS_MODULE};` : '',
    ...values.map(({ name }) => `export declare const ${name}: typeof esm.${name};`),
    ...classes.map(({ name, parameters }) => {
      const given = parameters.map((parameter) => parameter.split(' ')[0]).join(', ');
      const declared = parameters.map(qualify).join(', ');
      return `export type ${name}${declared && `<${declared}>`} = esm.${name}${given && `<${given}>`};`;
    }),
    '',
  ].join('\n');
}

/**
 * What a module exports from others, and where that is declared.
 * @param {string} file
 * @returns {{ name: string, isType: boolean, file: string }[]}
 */
function readExports(file) {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(EXPORTS)].flatMap(([, onlyTypes, list = '', from = '']) => {
    const target = join(dirname(file), from);
    if (list === '*') return readExports(target);
    const members = list
      .slice(1, -1)
      .split(',')
      .map((member) => member.trim())
      .filter(Boolean);
    return members.map((member) => {
      const isType = onlyTypes !== undefined || member.startsWith('type ');
      return { name: member.replace(/^type /, ''), isType, file: target };
    });
  });
}

/**
 * A value that is a type as well, with the parameters of that.
 * @param {string} name
 * @param {string} file where it is exported
 * @returns {{ name: string, parameters: string[] }[]}
 */
function readClass(name, file) {
  const found = readExports(file).find((other) => other.name === name);
  if (found) return readClass(name, found.file);
  const declared = new RegExp(
    String.raw`^export (?:class|interface) ${name}\b(?:<([^>]*)>)?`,
    'm',
  ).exec(readFileSync(file, 'utf8'));
  return declared ? [{ name, parameters: declared[1]?.split(', ') ?? [] }] : [];
}
