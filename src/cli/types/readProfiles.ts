import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isFlagDocument,
  isJsonType,
  prepareVersion,
  readFlagDocument,
} from '../../emulator/deployments/index.ts';
import { multiVariantFlags } from '../../emulator/variants/index.ts';
import { assertContent } from '../assertContent.ts';
import { CommandError, isAboutContent } from '../commandError.ts';
import { NAMING, readFileName, type ConfigurationFile } from '../configurationFile.ts';
import { listFiles } from '../listFiles.ts';
import type { FlagsSample } from './flagsType.ts';

/** What a file holds: flags, or a value, or something of which only the media type is known. */
export type Sample =
  | ({ readonly kind: 'flags' } & FlagsSample)
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'text' | 'bytes' | 'unknown' };

/** Configurations by their profile: one for each environment that has the profile. */
export type Profiles = ReadonlyMap<string, readonly Sample[]>;

/**
 * Reads the configurations of a folder.
 *
 * @throws CommandError for a folder without any, for files that are no valid configuration, and for profiles
 * of two applications that are called the same.
 */
export async function readProfiles(
  folder: string,
  application: string | undefined,
): Promise<Profiles> {
  const applications = new Map<string, string>();
  const profiles = new Map<string, Sample[]>();
  const problems: string[] = [];
  for (const file of await listFiles(folder)) {
    const name = readFileName(file);
    if (!name || (application !== undefined && name.application !== application)) continue;
    const owner = applications.get(name.profile) ?? name.application;
    applications.set(name.profile, owner);
    if (owner !== name.application) {
      throw new CommandError(
        `Both ${owner} and ${name.application} have a profile "${name.profile}". Choose one with --application.`,
      );
    }
    try {
      const sample = readSample(name, await readFile(join(folder, file)));
      profiles.set(name.profile, [...(profiles.get(name.profile) ?? []), sample]);
    } catch (error) {
      if (!isAboutContent(error)) throw error;
      problems.push(`${file}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new CommandError(problems.join('\n'));
  if (profiles.size > 0) return profiles;
  throw new CommandError(`There is no configuration in ${folder}: ${NAMING}.`);
}

function readSample(name: ConfigurationFile, content: Uint8Array): Sample {
  assertContent(content, name.contentType);
  const { flags } = prepareVersion({ ...name, content }, multiVariantFlags);
  const value: unknown = isJsonType(name.contentType)
    ? JSON.parse(new TextDecoder().decode(content))
    : undefined;
  if (flags) {
    const { definitions } = isFlagDocument(value)
      ? readFlagDocument(value, multiVariantFlags)
      : { definitions: new Map() };
    return { kind: 'flags', definitions, flags };
  }
  if (isDeliveredFlags(value)) {
    const delivered = Object.entries(value).map(([key, flag]) => ({
      key,
      variants: [{ matches: undefined, value: flag }],
    }));
    return { kind: 'flags', definitions: new Map(), flags: delivered };
  }
  if (value !== undefined) return { kind: 'value', value };
  if (name.contentType.startsWith('text/')) return { kind: 'text' };
  return { kind: /yaml/.test(name.contentType) ? 'unknown' : 'bytes' };
}

type DeliveredFlags = Readonly<Record<string, { readonly enabled: boolean }>>;

function isDeliveredFlags(value: unknown): value is DeliveredFlags {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const flags: unknown[] = Object.values(value);
  return (
    flags.length > 0 &&
    flags.every(
      (flag) =>
        typeof flag === 'object' &&
        flag !== null &&
        'enabled' in flag &&
        typeof flag.enabled === 'boolean',
    )
  );
}
