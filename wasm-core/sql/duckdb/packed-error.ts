import { CoreError } from '../../protocol/errors.ts';
import { findName } from '../positions.ts';
import type { FilePaths } from './node/file-paths.ts';

/** What zstd and gzip say of bytes that are not theirs, in DuckDB's errors, which name no file. */
const UNPACKING =
  /^(Unknown frame descriptor|Data corruption detected|Src size is incorrect|Version not supported|Restored data doesn't match|Unsupported (frame )?parameter|Frame requires too much memory|Allocation error|Corrupted block|Dictionary (is corrupted|mismatch)|Operation not authorized at current processing stage|Input is not a GZIP stream|Failed to decode gzip stream|(ZSTD|zstd|gzip|GZIP)\b)/;

/** The same error with the name of the compressed file that was opened last, where it is about unpacking one. */
export function withPackedFile(
  error: CoreError,
  { sql, paths }: { readonly sql: string; readonly paths: FilePaths },
): CoreError {
  if (!UNPACKING.test(error.message)) return error;
  const written = paths.lastOpened(/\.(gz|zst)$/i);
  if (written === undefined) return error;
  const reason = error.message.replace(/\.$/, '');
  return new CoreError(
    'FORMAT_DATA',
    `'${written}' cannot be unpacked, it is damaged or packed in another way: ${reason}.`,
    {
      ...error.details,
      ...findName(sql, written),
    },
  );
}
