/**
 * Keeps what runs beside something else would print, so that the two do not mix.
 *
 * @returns {{
 *   say: (line: string) => void,
 *   follow: (child: import('node:child_process').ChildProcess) => void,
 *   print: () => void,
 * }} `follow` takes a child whose output is piped; `print` writes everything to standard output, once
 */
export function collectOutput() {
  const chunks = [];
  const take = (chunk) => chunks.push(Buffer.from(chunk));
  return {
    say: (line) => take(`${line}\n`),
    follow: ({ stdout, stderr }) => {
      stdout?.on('data', take);
      stderr?.on('data', take);
    },
    print: () => {
      process.stdout.write(Buffer.concat(chunks));
      chunks.length = 0;
    },
  };
}
