import { CoreError } from '../../protocol/errors.ts';
import type { RemoteConsentResult, RemoteCredential, RemoteParams } from '../../protocol/remote.ts';
import { REMOTE_ENTRY_ADVICE, readRemoteEntries, readRemoteEntry } from '../../protocol/remote-allow.ts';
import type { HostContext, Methods } from '../context.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readAbsolutePath,
  readOptionalBoolean,
  readParams,
  readStrings,
} from '../params.ts';

/** `remote/consent` and `remote/cache`. */
export function remoteMethods(context: HostContext): Methods<'remote/consent' | 'remote/cache'> {
  return {
    'remote/consent': (value) => {
      const params = readParams(value, ['folder', 'allow']);
      const folder = readAbsolutePath(params, 'folder');
      if (!isAbsent(params.allow)) agree(context, folder, readStrings(params, 'allow'));
      return consents(context, folder);
    },
    'remote/cache': (value) => {
      const clear = readOptionalBoolean(readParams(value, ['clear']), 'clear') ?? false;
      return context.engine.remoteCache({ clear });
    },
  };
}

/**
 * What a session may read on a network, as `sql/open` says it.
 *
 * @throws CoreError PARAMS_INVALID, which never holds a secret
 */
export function readRemote(value: unknown): RemoteParams {
  if (isAbsent(value)) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid('remote must be an object.');
  const params = readParams(value, ['allow', 'credentials']);
  const allow = readStrings(params, 'allow');
  readRemoteEntries(allow, 'remote.allow');
  return {
    allow,
    ...(!isAbsent(params.credentials) && { credentials: readCredentials(params.credentials) }),
  };
}

function consents({ workspaceFiles, remoteConsents }: HostContext, folder: string): RemoteConsentResult {
  const agreed = remoteConsents.of(folder);
  const { remote } = workspaceFiles.settingsOf(folder);
  return { entries: (remote?.allow ?? []).map((entry) => ({ entry, allowed: agreed.includes(entry) })) };
}

function agree(
  { remoteConsents, workspaceFiles, events }: HostContext,
  folder: string,
  allow: readonly string[],
): void {
  const asked = workspaceFiles.settingsOf(folder).remote?.allow ?? [];
  const stranger = allow.find((entry) => !asked.includes(entry));
  if (stranger !== undefined) {
    throw invalid(
      `remote.allow of the folder's quern.json has no entry ${JSON.stringify(stranger.slice(0, 200))}.`,
    );
  }
  try {
    remoteConsents.set(folder, allow);
  } catch (error) {
    throw new CoreError('FILE_IO', `What was agreed to could not be written: ${String(error)}`);
  }
  // What was refused before may be read now.
  events.emit({ type: 'changed', folder });
}

const MEMBERS: Readonly<Record<RemoteCredential['type'], readonly string[]>> = {
  bearer: ['token'],
  basic: ['user', 'password'],
  s3: ['accessKeyId', 'secretAccessKey', 'sessionToken', 'region', 'endpoint'],
};

function readCredentials(value: unknown): readonly RemoteCredential[] {
  if (!Array.isArray(value) || value.length > 1000) {
    throw invalid('remote.credentials must be an array of at most 1000 objects.');
  }
  return value.map((item: unknown, index) => readCredential(item, `remote.credentials[${index}]`));
}

function readCredential(value: unknown, name: string): RemoteCredential {
  const params = readObject(value, name);
  const { type, origin } = params;
  if (type !== 'bearer' && type !== 'basic' && type !== 's3') {
    throw invalid(`${name}.type must be bearer, basic or s3.`);
  }
  const members = MEMBERS[type];
  const stranger = Object.keys(params).find((key) => !['type', 'origin', ...members].includes(key));
  if (stranger !== undefined) throw invalid(`${name} has a member that ${type} does not have.`);
  for (const member of members) checkText(params, { name, member, isOptional: type === 's3' });
  const isS3 = type === 's3';
  const isOrigin = typeof origin === 'string' && (origin === 's3://' ? isS3 : isOriginOf(origin, isS3));
  if (!isOrigin) throw invalid(`${name}.origin is no origin of ${type}; ${REMOTE_ENTRY_ADVICE}.`);
  return params as unknown as RemoteCredential;
}

function readObject(value: unknown, name: string): Params {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Params;
  throw invalid(`${name} must be an object.`);
}

/** Header values: what a server would take for the end of one has no place in them. */
function checkText(
  params: Params,
  {
    name,
    member,
    isOptional,
  }: { readonly name: string; readonly member: string; readonly isOptional: boolean },
): void {
  const value = params[member];
  if (isOptional && isAbsent(value)) return;
  const isText = typeof value === 'string' && value !== '' && value.length <= 10_000;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a header must not have.
  if (isText && !/[\u0000-\u001f\u007f]/.test(value)) return;
  throw invalid(`${name}.${member} must be a string without control characters that is not empty.`);
}

function isOriginOf(origin: string, isS3: boolean): boolean {
  const place = readRemoteEntry(origin);
  return place !== undefined && place.path === '/' && (place.scheme === 's3') === isS3;
}
