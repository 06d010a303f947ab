import { CoreError } from '../../../protocol/errors.ts';

/** A system error in words, without its code and call. */
export function fileError(error: unknown): Error {
  if (error instanceof CoreError) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const reason = SYSTEM_REASONS[code ?? ''];
  if (reason === undefined) return error instanceof Error ? error : new Error(String(error));
  return new CoreError('FILE_IO', `'${path ?? 'A file'}' ${reason}`, { path });
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be opened by you; check its permissions.',
  EPERM: 'may not be changed by you; check its permissions.',
  EROFS: 'is on a file system that cannot be written.',
  ENOENT: 'is not there; does its folder exist?',
  ENOSPC: 'could not be written: the disk is full.',
  EMFILE: 'could not be opened: too many files are open.',
};
