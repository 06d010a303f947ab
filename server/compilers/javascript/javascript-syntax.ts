/** What a text in JavaScript is, without any of it being run. */
export type JavaScriptSyntax =
  | {
      readonly kind: 'parsed';
      /** The names that it exports, `default` among them. */
      readonly exports: ReadonlySet<string>;
    }
  | {
      readonly kind: 'wrong';
      readonly message: string;
      /** From 1; 0: not known. */
      readonly line: number;
      /** From 1, in code points; 0: not known. */
      readonly column: number;
    };

/**
 * Parses a program in an instance of its own.
 *
 * @param quickJs the module that tools/quickjs/build.sh makes
 * @param program of `programBytes`
 */
export function checkJavaScript(quickJs: WebAssembly.Module, program: Uint8Array): JavaScriptSyntax {
  try {
    return parseAnswer(answerOf(quickJs, program));
  } catch (error) {
    // Brackets in brackets by the thousand use up the stack, and a text by the gigabyte the memory.
    if (!(error instanceof Error)) throw error;
    const message = `QuickJS cannot read it: ${error.message}`;
    return { kind: 'wrong', message, line: 0, column: 0 };
  }
}

function answerOf(quickJs: WebAssembly.Module, program: Uint8Array): string {
  const stop = (): never => {
    throw new Error('it gave up for want of memory');
  };
  const { exports } = new WebAssembly.Instance(quickJs, {
    env: { abort: stop },
    host: { log_at: () => {} },
  });
  const { memory, js_room, js_check } = exports as unknown as QuickJsExports;
  // First the room: it may move the memory's buffer.
  const room = js_room(program.byteLength) >>> 0;
  new Uint8Array(memory.buffer).set(program, room);
  const start = js_check() >>> 0;
  const bytes = new Uint8Array(memory.buffer);
  return new TextDecoder().decode(bytes.subarray(start, bytes.indexOf(0, start)));
}

interface QuickJsExports {
  readonly memory: WebAssembly.Memory;
  readonly js_room: (byteLength: number) => number;
  readonly js_check: () => number;
}

function parseAnswer(answer: string): JavaScriptSyntax {
  const [, line, column, message] = /^!(\d+) (\d+) (.*)$/s.exec(answer) ?? [];
  if (message === undefined) return { kind: 'parsed', exports: new Set(answer.split('\n').slice(0, -1)) };
  return { kind: 'wrong', message, line: Number(line), column: Number(column) };
}
