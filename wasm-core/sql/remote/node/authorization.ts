import { AwsV4Signer } from 'aws4fetch';
import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteCredential } from '../../../protocol/remote.ts';
import { readRemoteEntry, remoteOrigin } from '../../../protocol/remote-allow.ts';
import { placeOfUrl, type RemoteAddress } from '../remote-address.ts';

type S3Credential = Extract<RemoteCredential, { readonly type: 's3' }>;

/** Where requests for an address go first. @throws CoreError REMOTE_DENIED for an endpoint that is none */
export function requestUrl(address: RemoteAddress, credentials: readonly RemoteCredential[]): URL {
  if (address.url !== undefined) return address.url;
  const { bucket = '', key = '' } = address.object ?? {};
  const path = key.split('/').map(escapeName).join('/');
  const { endpoint, region = DEFAULT_REGION } = s3Credential(address, credentials) ?? {};
  if (endpoint === undefined) {
    // A name with dots does not fit the certificate of the service's hosts.
    const service = `s3.${region}.amazonaws.com`;
    return new URL(
      bucket.includes('.') ? `https://${service}/${bucket}/${path}` : `https://${bucket}.${service}/${path}`,
    );
  }
  if (readRemoteEntry(endpoint) === undefined || /^s3:/i.test(endpoint)) {
    const message = `The S3 endpoint ${JSON.stringify(endpoint)} is no origin; write one such as https://s3.example.org.`;
    throw new CoreError('REMOTE_DENIED', message, { origin: address.origin, written: address.written });
  }
  return new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${path}`);
}

/** Where a bucket is asked for a list of its objects. @throws CoreError as `requestUrl` */
export function listUrl(
  address: RemoteAddress,
  query: Readonly<Record<string, string>>,
  credentials: readonly RemoteCredential[],
): URL {
  const { bucket = '' } = address.object ?? {};
  const url = requestUrl({ ...address, object: { bucket, key: '' } }, credentials);
  // In the order and with the escapes that a signature is made of.
  url.search = Object.entries(query)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escapeName(name)}=${escapeName(value)}`)
    .join('&');
  return url;
}

/**
 * Headers that prove to a server who asks. Credentials go to the origin that they are for and to no other, so that one
 * to which a request is redirected sees nothing.
 *
 * @param options.isFirst whether the URL is that of `requestUrl`
 * @param options.headers what is sent beside
 */
export async function authorization(
  address: RemoteAddress,
  options: {
    readonly url: URL;
    readonly isFirst: boolean;
    readonly headers: Readonly<Record<string, string>>;
    readonly credentials: readonly RemoteCredential[];
  },
): Promise<Readonly<Record<string, string>>> {
  const { url, isFirst, headers, credentials } = options;
  if (address.object !== undefined) {
    const credential = isFirst ? s3Credential(address, credentials) : undefined;
    return credential === undefined ? {} : await signature(credential, url, headers);
  }
  const origin = remoteOrigin(placeOfUrl(url));
  const found = credentials.find((c) => c.type !== 's3' && originOf(c) === origin);
  switch (found?.type) {
    case 'bearer':
      return { authorization: `Bearer ${found.token}` };
    case 'basic':
      return {
        authorization: `Basic ${Buffer.from(`${found.user}:${found.password}`).toString('base64')}`,
      };
    default:
      return {};
  }
}

const DEFAULT_REGION = 'us-east-1';

async function signature(
  credential: S3Credential,
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const { accessKeyId, secretAccessKey, sessionToken, region = DEFAULT_REGION } = credential;
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  const signer = new AwsV4Signer({
    url: url.href,
    method: 'GET',
    headers: { ...headers },
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: 's3',
    region,
  });
  const signed = await signer.sign();
  return Object.fromEntries([...signed.headers].filter(([name]) => !Object.hasOwn(headers, name)));
}

/** Those of the bucket, else those of all. */
function s3Credential(
  address: RemoteAddress,
  credentials: readonly RemoteCredential[],
): S3Credential | undefined {
  const all = credentials.filter((c): c is S3Credential => c.type === 's3');
  return all.find(({ origin }) => origin === address.origin) ?? all.find(({ origin }) => origin === 's3://');
}

function originOf({ origin }: RemoteCredential): string | undefined {
  const place = readRemoteEntry(origin);
  return place && remoteOrigin(place);
}

/** As Amazon's signatures want it: everything but unreserved characters, which `encodeURIComponent` has five more of. */
function escapeName(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
