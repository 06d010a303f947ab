/** What is stopped when the process ends. */
interface Disposable {
  dispose(): Promise<void>;
}

/**
 * Stops compilers when the process is told to end, or ends by itself: the user's tools are in process groups of their own,
 * which neither Ctrl+C in a terminal nor the end of this process reaches.
 */
export function endWithProcess(compilers: Disposable): void {
  process.once('exit', () => void compilers.dispose());
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => void compilers.dispose().finally(() => process.exit(code)));
  }
}
