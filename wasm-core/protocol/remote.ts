/*
 * Files on a network: what a session may read there, and what the host keeps of it.
 */

/** What proves to a server who asks. Kept in memory alone, and for as long as the session lasts. */
export type RemoteCredential =
  /** Sent as `Authorization: Bearer` to one origin, such as `https://data.example.org`. */
  | { readonly type: 'bearer'; readonly origin: string; readonly token: string }
  | {
      readonly type: 'basic';
      readonly origin: string;
      readonly user: string;
      readonly password: string;
    }
  /** Signs requests for `s3:` addresses. */
  | {
      readonly type: 's3';
      /** `s3://bucket`, or `s3://` for every bucket without credentials of its own. */
      readonly origin: string;
      /** Absent: requests are not signed, as for public buckets at an endpoint of their own. */
      readonly accessKeyId?: string;
      readonly secretAccessKey?: string;
      readonly sessionToken?: string;
      /** Absent: `us-east-1`. */
      readonly region?: string;
      /** Another service than Amazon's, such as `https://minio.example.org`; the bucket then is the path's first name. */
      readonly endpoint?: string;
    };

/** A member of `sql/open`: what its statements may read on a network. Absent: what `quern.json` and consent allow. */
export interface RemoteParams {
  /** Origins, or origins with the beginning of a path; see `readRemoteEntry`. */
  readonly allow?: readonly string[];
  /** Replace those that the session had. */
  readonly credentials?: readonly RemoteCredential[];
}

/** `remote/consent`: sent when the user has said whether a folder's `quern.json` may open the network. */
export interface RemoteConsentParams {
  /** Absolute folder of the `quern.json`. */
  readonly folder: string;
  /** Entries of its `remote.allow` that are allowed from now on, in place of those of before; absent: only asks. */
  readonly allow?: readonly string[];
}
export interface RemoteConsentResult {
  /** Each entry of the file's `remote.allow`, and whether the user has allowed it. */
  readonly entries: readonly { readonly entry: string; readonly allowed: boolean }[];
}

/** `remote/cache`: sent to list what the host keeps of files on a network, or to delete it. */
export interface RemoteCacheParams {
  /** True: deletes everything that no statement reads at this moment. */
  readonly clear?: boolean;
}
export interface RemoteCacheResult {
  /** Absolute folder. */
  readonly folder: string;
  /** Together, bytes. */
  readonly byteLength: number;
  /** More is not kept, bytes. */
  readonly capBytes: number;
  /** What is kept, or what was deleted; the one used last first. */
  readonly files: readonly RemoteCachedFile[];
}
export interface RemoteCachedFile {
  /** Without the values of a query, which may be secrets. */
  readonly url: string;
  /** Size of the file, bytes. */
  readonly size: number;
  /** So much of it is kept, bytes. */
  readonly byteLength: number;
  /** ISO 8601. */
  readonly usedAt: string;
}
