import { CoreError } from '../../protocol/errors.ts';

/**
 * Thrown through a guest's frames when it calls `proc_exit`. `runProgram` takes the code 0 for success; anywhere else
 * an exit is an error, also with 0, since what was called did not return.
 */
export class GuestExit extends CoreError {
  readonly code: number;

  /** @param code what the guest gave, as an unsigned 32-bit number */
  constructor(code: number) {
    super(
      'GUEST_ERROR',
      `The plugin ended itself with exit code ${code} instead of returning. Its log may say why.`,
      { code },
    );
    this.code = code;
  }
}
