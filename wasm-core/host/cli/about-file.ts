import { CoreError } from '../../protocol/errors.ts';

/** Does something with a file; an error that does not name the file gets its name in front. */
export async function aboutFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CoreError) || error.details.path !== undefined) throw error;
    throw new CoreError(error.kind, `${file}: ${error.message}`, { ...error.details, path: file });
  }
}
