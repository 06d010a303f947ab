import type { RemoteCredential, RemoteParams } from '../../../protocol/remote.ts';
import { REMOTE_ENTRY_ADVICE, readRemoteEntry } from '../../../protocol/remote-allow.ts';
import { UsageError } from '../report-error.ts';

/**
 * What a run may read on a network.
 *
 * @param allow of `--allow-url`
 * @param env has the credentials: those of AWS for `s3:` addresses, `QUERN_TOKEN_<any name>` with an origin and a token
 *   behind a space, `QUERN_BASIC_<any name>` with an origin and `user:password`
 * @throws UsageError for what is no origin; it tells names of variables alone
 */
export function remoteParams(allow: readonly string[], env: NodeJS.ProcessEnv): RemoteParams {
  for (const text of allow) {
    if (readRemoteEntry(text) !== undefined) continue;
    throw new UsageError(`--allow-url ${JSON.stringify(text)} is none; ${REMOTE_ENTRY_ADVICE}`);
  }
  return { allow, credentials: [...webCredentials(env), ...s3Credentials(env)] };
}

function webCredentials(env: NodeJS.ProcessEnv): RemoteCredential[] {
  return Object.entries(env).flatMap(([name, value = '']): RemoteCredential[] => {
    const kind = /^QUERN_(TOKEN|BASIC)_./.exec(name)?.[1];
    if (kind === undefined || value === '') return [];
    const [, origin = '', secret = ''] = /^(\S+) (.+)$/.exec(value.trim()) ?? [];
    const entry = readRemoteEntry(origin);
    if (entry === undefined || entry.scheme === 's3' || entry.path !== '/') {
      throw new UsageError(
        `${name} must be an origin such as https://data.example.org, a space, and the secret`,
      );
    }
    if (kind === 'TOKEN') return [{ type: 'bearer', origin, token: secret }];
    const [, user = '', password = ''] = /^([^:]+):(.+)$/.exec(secret) ?? [];
    if (user === '') throw new UsageError(`${name} must have user:password behind the origin`);
    return [{ type: 'basic', origin, user, password }];
  });
}

function s3Credentials(env: NodeJS.ProcessEnv): RemoteCredential[] {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (!accessKeyId && !endpoint && !region) return [];
  return [
    {
      type: 's3',
      origin: 's3://',
      ...(accessKeyId && secretAccessKey && { accessKeyId, secretAccessKey }),
      ...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
      ...(region && { region }),
      ...(endpoint && { endpoint }),
    },
  ];
}
