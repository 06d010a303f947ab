import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/** A refusal that the editor shows as it is. @param message says why, and what to do instead */
export function refused(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
