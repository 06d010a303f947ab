import * as vscode from 'vscode';
import type { RemoteCredential } from '../../wasm-core/protocol/remote.ts';
import { readRemoteEntry, remoteOrigin } from '../../wasm-core/protocol/remote-allow.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import type { RemoteCredentials } from '../remote/remote-credentials.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

interface RemoteCommandParts {
  readonly link: HostLink;
  readonly sessions: Sessions;
  readonly credentials: RemoteCredentials;
}

/** Commands about files on a network. */
export function remoteCommands({ link, sessions, credentials }: RemoteCommandParts): Commands {
  return {
    'quern.setRemoteCredentials': async () => {
      if (await changeCredentials(credentials)) sessions.reset();
    },
    'quern.clearRemoteCache': async () => {
      if (!(await checkTrust())) return;
      const { files, byteLength } = await link.request('remote/cache', { clear: true });
      const megabytes = (byteLength / 1e6).toFixed(1);
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Deleted what was kept of {0} files on a network, {1} MB.', files.length, megabytes),
      );
    },
  };
}

type Kind = RemoteCredential['type'] | 'remove';

interface KindItem extends vscode.QuickPickItem {
  readonly kindOf: Kind;
}

/** @returns whether there are others now */
async function changeCredentials(credentials: RemoteCredentials): Promise<boolean> {
  const known = await credentials.all();
  const kinds: KindItem[] = [
    { label: vscode.l10n.t('Bearer token'), kindOf: 'bearer' },
    { label: vscode.l10n.t('User and password'), kindOf: 'basic' },
    {
      label: vscode.l10n.t('S3 keys'),
      description: vscode.l10n.t('Amazon, or a service that is compatible'),
      kindOf: 's3',
    },
    ...(known.length > 0 ? [{ label: vscode.l10n.t('Remove credentials…'), kindOf: 'remove' } as const] : []),
  ];
  const picked = await vscode.window.showQuickPick(kinds, {
    title: vscode.l10n.t('Credentials for files on a network'),
  });
  if (picked === undefined) return false;
  if (picked.kindOf === 'remove') return removeCredentials(credentials, known);
  const credential = await askCredential(picked.kindOf);
  if (credential === undefined) return false;
  await credentials.set(credential);
  return true;
}

async function removeCredentials(
  credentials: RemoteCredentials,
  known: readonly RemoteCredential[],
): Promise<boolean> {
  const origins = known.map(({ origin }) => origin);
  const origin = await vscode.window.showQuickPick(origins, {
    title: vscode.l10n.t('Remove the credentials of'),
  });
  if (origin !== undefined) await credentials.remove(origin);
  return origin !== undefined;
}

/** Undefined when the user has escaped. */
async function askCredential(type: RemoteCredential['type']): Promise<RemoteCredential | undefined> {
  const origin = await askOrigin(type);
  if (origin === undefined) return undefined;
  switch (type) {
    case 'bearer': {
      const token = await ask(vscode.l10n.t('Token'), { isSecret: true });
      return token === undefined ? undefined : { type, origin, token };
    }
    case 'basic': {
      const user = await ask(vscode.l10n.t('User'));
      const password =
        user === undefined ? undefined : await ask(vscode.l10n.t('Password'), { isSecret: true });
      return user === undefined || password === undefined ? undefined : { type, origin, user, password };
    }
    case 's3':
      return await askS3(origin);
  }
}

async function askS3(origin: string): Promise<RemoteCredential | undefined> {
  const accessKeyId = await ask(vscode.l10n.t('Access key id'));
  if (accessKeyId === undefined) return undefined;
  const secretAccessKey = await ask(vscode.l10n.t('Secret access key'), { isSecret: true });
  if (secretAccessKey === undefined) return undefined;
  const sessionToken = await ask(vscode.l10n.t('Session token, empty for none'), {
    isSecret: true,
    isOptional: true,
  });
  if (sessionToken === undefined) return undefined;
  const region = await ask(vscode.l10n.t('Region, empty for us-east-1'), { isOptional: true });
  if (region === undefined) return undefined;
  const endpoint = await ask(
    vscode.l10n.t("Endpoint such as https://minio.example.org, empty for Amazon's"),
    {
      isOptional: true,
      check: (text) =>
        readRemoteEntry(text) === undefined
          ? vscode.l10n.t('Write an origin with https:// in front.')
          : undefined,
    },
  );
  if (endpoint === undefined) return undefined;
  return {
    type: 's3',
    origin,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== '' && { sessionToken }),
    ...(region !== '' && { region }),
    ...(endpoint !== '' && { endpoint }),
  };
}

async function askOrigin(type: RemoteCredential['type']): Promise<string | undefined> {
  const isS3 = type === 's3';
  const example = isS3 ? vscode.l10n.t('s3://bucket, or s3:// for every bucket') : 'https://data.example.org';
  const text = await ask(vscode.l10n.t('Origin: {0}', example), {
    value: isS3 ? 's3://' : 'https://',
    check: (given) =>
      originOf(given, isS3) === undefined ? vscode.l10n.t('Write {0}.', example) : undefined,
  });
  return text === undefined ? undefined : originOf(text, isS3);
}

function originOf(text: string, isS3: boolean): string | undefined {
  if (isS3 && text === 's3://') return text;
  const place = readRemoteEntry(text);
  return place !== undefined && (place.scheme === 's3') === isS3 ? remoteOrigin(place) : undefined;
}

/** Undefined when the user has escaped. */
async function ask(
  prompt: string,
  options: {
    readonly isSecret?: boolean;
    readonly isOptional?: boolean;
    readonly value?: string;
    readonly check?: (text: string) => string | undefined;
  } = {},
): Promise<string | undefined> {
  const { isSecret = false, isOptional = false, value, check } = options;
  const text = await vscode.window.showInputBox({
    prompt,
    password: isSecret,
    ignoreFocusOut: true,
    ...(value !== undefined && { value }),
    validateInput: (given) => {
      if (given.trim() === '') return isOptional ? undefined : vscode.l10n.t('It must not be empty.');
      return check?.(given.trim());
    },
  });
  return text?.trim();
}
