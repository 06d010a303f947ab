/** What is kept of files on a network where nobody says otherwise, MB. */
const DEFAULT_CACHE_MB = 2048;

/** How much is kept of files on a network, bytes: what QUERN_REMOTE_CACHE_MB says, or a default. */
export function remoteCacheBytes(env: NodeJS.ProcessEnv = process.env): number {
  const text = env.QUERN_REMOTE_CACHE_MB;
  const megabytes = text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : DEFAULT_CACHE_MB;
  return megabytes * 2 ** 20;
}
