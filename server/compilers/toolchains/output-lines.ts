/** No message is so long; what writes lines that are would make patterns search for seconds. */
const MAX_LINE = 4_000;

/** The lines of what a tool wrote, those that are far too long left out. */
export function linesOf(output: string): string[] {
  return output.split(/\r?\n/).filter((line) => line.length <= MAX_LINE);
}
