import type { ToolName } from '../../../wasm-core/protocol/plugins.ts';

/** What is missing, as its message says it, and how one gets it. */
interface Advice {
  readonly what: string;
  readonly install: string;
}

const ADVICE: Readonly<Record<ToolName, Advice>> = {
  clang: {
    what: 'C and C++ need clang with a WebAssembly target and its linker wasm-ld',
    install:
      '"apt install clang lld" on Debian and Ubuntu, "dnf install clang lld" on Fedora, "brew install llvm lld" on macOS, "winget install LLVM.LLVM" on Windows; or let Quern install @yowasp/clang',
  },
  rustc: {
    what: 'Rust needs rustc with the target wasm32-unknown-unknown',
    install:
      '"rustup target add wasm32-unknown-unknown", or "apt install rustc libstd-rust-dev-wasm32 lld" on Debian and Ubuntu',
  },
  cargo: { what: 'A Cargo.toml needs cargo', install: 'rustup (https://rustup.rs), or "apt install cargo"' },
  go: { what: 'Go needs Go 1.24 or later', install: 'Go from https://go.dev/dl' },
  zig: { what: 'Zig needs zig 0.11 or later', install: 'Zig from https://ziglang.org/download' },
};

/** The code of the diagnostic for a tool that is missing; docs/diagnostics has a page of this name. */
export function missingToolCode(name: ToolName): string {
  return `toolchain/${name}`;
}

/**
 * What is said when a tool is missing: what was looked for, what was found that cannot be used, and how to install it.
 *
 * @param missing.looked where it was looked for, in words
 * @param missing.rejected programs of that name, and why each cannot be used
 */
export function missingToolMessage(
  name: ToolName,
  missing: {
    readonly looked: readonly string[];
    readonly rejected: readonly { readonly path: string; readonly reason: string }[];
  },
): string {
  const { what, install } = ADVICE[name];
  const rejected = missing.rejected.map(({ path, reason }) => `${path} cannot be used: ${reason}.`);
  return [
    `${what}, and none was found.`,
    ...rejected,
    `Looked for: ${missing.looked.join(', ')}.`,
    `Install ${install}; or name its program in the setting quern.tools (${name}).`,
  ].join('\n');
}
