declare const QUERN_VERSION: string | undefined;
declare const QUERN_BUILD: string | undefined;

/** Quern's version, as `package.json` has it; the build puts it in. */
export function quernVersion(): string {
  return typeof QUERN_VERSION === 'string' ? QUERN_VERSION : '0.0.0-dev';
}

/** A name for the state of the sources that this was built from. Builds that differ do not share a host. */
export function quernBuild(): string {
  return typeof QUERN_BUILD === 'string' ? QUERN_BUILD : 'dev';
}
