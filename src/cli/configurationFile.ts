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

/**
 * Reads a file name as the AppConfig Agent's local development mode does:
 * `application:environment:profile`, then nothing, `.json` or `.type%subtype`; and `.yaml`, `.yml` and
 * `.txt` besides. Undefined for any other name.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-agent-how-to-use-local-development.html
 */
export function readFileName(fileName: string): ConfigurationFile | undefined {
  const [application = '', environment = '', ...rest] = fileName.split(':');
  const last = rest.join(':');
  if (!application || !environment || !last) return undefined;
  // Hidden files, and extensions without a name.
  if (application.startsWith('.') || last.startsWith('.')) return undefined;
  const [, speltOut = '', type = '', subtype = '', parameters = ''] = SPELT_OUT.exec(last) ?? [];
  if (speltOut) {
    const contentType = `${type}/${subtype}${parameters.replaceAll('%', '; ')}`;
    return { application, environment, profile: speltOut, contentType };
  }
  const [, profile = '', extension = ''] = /^(.+)\.([a-z]+)$/.exec(last) ?? [];
  const known = Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
  return known
    ? { application, environment, profile, contentType: known }
    : { application, environment, profile: last, contentType: 'application/octet-stream' };
}
