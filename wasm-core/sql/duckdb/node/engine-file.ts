import { CoreError } from '../../../protocol/errors.ts';
import type { RemoteFile } from '../../remote/remote-files.ts';

/** A file that the engine has open, wherever it lies. */
export interface EngineOpenFile {
  readonly isWritable: boolean;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  /** Fills `bytes` from a position. @returns how many there were */
  read(bytes: Uint8Array, position: number): number;
  /** @returns how many bytes were written */
  write(bytes: Uint8Array, position: number): number;
  truncate(size: number): void;
  sync(): void;
  close(): void;
}

/** A file on a network as the engine has it open: it cannot be changed. */
export function remoteOpenFile(file: RemoteFile, written: string): EngineOpenFile {
  const refuse = (): never => {
    throw remoteWriteError(written);
  };
  return {
    isWritable: false,
    size: file.size,
    modified: file.modified,
    read: (bytes, position) => file.read(bytes, position),
    write: refuse,
    truncate: refuse,
    sync: () => {},
    close: () => file.close(),
  };
}

/** CAPABILITY_DENIED for a statement that would change a file on a network. */
export function remoteWriteError(written: string): CoreError {
  const message = `'${written}' is on a network, where files can only be read; write to a file of this machine.`;
  return new CoreError('CAPABILITY_DENIED', message, { written });
}
