import type { LanguageServerFixture, PlainDiagnostic } from './language-server.ts';

/** The hints of a text that the server gives, beside a statement of our own whose hint says that all have been looked for. */
export class Hints {
  private count = 0;

  constructor(
    private readonly server: LanguageServerFixture,
    /** An open SQL document. */
    private readonly name: string,
  ) {}

  /** The hints and errors of a text, which replaces the document's. */
  async of(sql: string): Promise<PlainDiagnostic[]> {
    this.count++;
    const last = `last_${this.count}`;
    this.server.change(this.name, `${sql};\nwith ${last} as (select 1) select ${this.count}`);
    const isLast = ({ message }: PlainDiagnostic) => message.includes(`${last}.`);
    const found = await this.server.diagnostics(this.name, (d) => d.some(isLast));
    return found.filter((diagnostic) => !isLast(diagnostic));
  }

  /** The same as `code: what is under the squiggle`. */
  async marked(sql: string): Promise<string[]> {
    const lines = sql.split('\n');
    return (await this.of(sql)).map(({ code, range: { start, end } }) => {
      const line = lines[start.line] ?? '';
      return `${code}: ${line.slice(start.character, end.line === start.line ? end.character : undefined)}`;
    });
  }
}
