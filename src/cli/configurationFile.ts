import type { ConfigurationName } from '../emulator/index.ts';

/** What the name of a file says of the configuration in it. */
export interface ConfigurationFile extends ConfigurationName {
  readonly contentType: string;
}

/** A media type as an extension: `type%subtype`, with its parameters behind another `%`. */
const SPELT_OUT = /^(.+?)\.([\w.+-]+)%([\w.+-]+)((?:%[\w.+-]+=[^%]+)*)$/;
const EXTENSIONS: Readonly<Record<string, string>> = {
  json: 'application/json',
  yaml: 'application/x-yaml',
  yml: 'application/x-yaml',
  txt: 'text/plain',
};

/** What editors and browsers leave beside a file while they write it. */
const BACKUP = /~$|\.(swp|swo|swx|bak|orig|tmp|part)$|(^|\/)\.?#/;
const EXPERIMENTS = '.experiments.json';
/** How files are named, in messages. */
export const NAMING =
  'a name is application:environment:profile.json, or application/environment/profile.json';

/** The configuration whose experiments a file holds: `application:environment:profile.experiments.json`. */
export function readExperimentsFileName(fileName: string): ConfigurationName | undefined {
  if (!fileName.endsWith(EXPERIMENTS)) return undefined;
  return readFileName(`${fileName.slice(0, -EXPERIMENTS.length)}.json`);
}

/** Whether a name was probably meant to be one of a configuration. */
export function looksMisnamed(fileName: string): boolean {
  return !readFileName(fileName) && /^[^.:][^:]*\.(json|ya?ml|txt)$/.test(fileName);
}

/**
 * The name under which a configuration's file is read again.
 *
 * @param separator `:`, or `/` for files in folders
 */
export function toFileName(
  { application, environment, profile }: ConfigurationName,
  contentType: string,
  separator: string,
): string {
  const name = [application, environment, profile].join(separator);
  const [extension] =
    Object.entries(EXTENSIONS).find(([, known]) => known === contentType.split(';', 1)[0]) ?? [];
  return `${name}.${extension ?? contentType.replaceAll('/', '%').replaceAll(/;\s*/g, '%')}`;
}

/**
 * Reads a file name as the AppConfig Agent's local development mode does:
 * `application:environment:profile`, then nothing, `.json` or `.type%subtype`; and `.yaml`, `.yml` and
 * `.txt` besides. The same as a path, `application/environment/profile.json`, because Windows has no colon in
 * names. Undefined for any other name.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-agent-how-to-use-local-development.html
 */
export function readFileName(fileName: string): ConfigurationFile | undefined {
  const separator = fileName.includes('/') ? '/' : ':';
  const [application = '', environment = '', ...rest] = fileName.split(separator);
  const last = rest.join(separator);
  if (!application || !environment || !last || last.includes('/')) return undefined;
  // Hidden files, extensions without a name, and other folders.
  if ([application, environment, last].some((part) => /^\.|\\/.test(part))) return undefined;
  if (BACKUP.test(fileName) || fileName.endsWith(EXPERIMENTS)) return undefined;
  const [, speltOut = '', type = '', subtype = '', parameters = ''] = SPELT_OUT.exec(last) ?? [];
  if (speltOut) {
    const contentType = `${type}/${subtype}${parameters.replaceAll('%', '; ')}`;
    return { application, environment, profile: speltOut, contentType };
  }
  const [, profile = '', extension = ''] = /^(.+)\.([a-z]+)$/.exec(last) ?? [];
  const known = Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
  if (known) return { application, environment, profile, contentType: known };
  // Folders may hold anything.
  if (separator === '/') return undefined;
  return { application, environment, profile: last, contentType: 'application/octet-stream' };
}
