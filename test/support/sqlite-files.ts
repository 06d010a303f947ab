import { gunzipSync } from 'node:zlib';

/** What SQLite's own module gives of itself, as far as it is used. */
interface SqliteJs {
  readonly oo1: {
    readonly DB: new (name: string) => { readonly pointer: unknown; exec(sql: string): void; close(): void };
  };
  readonly capi: { sqlite3_js_db_export(db: unknown): Uint8Array };
}

/** A database file of SQLite, made by SQLite itself. */
export async function sqliteFile(sql: string): Promise<Uint8Array> {
  const { default: start } = (await import('@sqlite.org/sqlite-wasm')) as unknown as {
    readonly default: () => Promise<SqliteJs>;
  };
  const { oo1, capi } = await start();
  const db = new oo1.DB(':memory:');
  try {
    db.exec(sql);
    return capi.sqlite3_js_db_export(db.pointer);
  } finally {
    db.close();
  }
}

/** Files that sqlite3 of Python 3 left, by name, compressed; what they are about takes a file system that is written. */
export const LEFT_FILES = {
  /** A table `t` with `(1, checkpointed)`. */
  'log.db':
    'H4sICOkzCWsCA2NvcHkuZGIACw70ySxJVUjLL8pNLFEwZmBiYGJicFBQYGAAMiEYBhiBmAWNTwgwMeglM/KCFDOeZwCiUUBboM/IJs7Pz+hfkpiUk1pSwuQc5OoY4qoQ4ujk46pQopGokJlXkpqeWqSjkKRQklpRogmJm/cMQDQKhj/gZ2TmVE3OSE3OLsgHJYUUAB+2oB8ABAAA',
  /** The write-ahead log of it, with `(2, in the log)`. */
  'log.db-wal':
    'H4sICOkzCWsCA2NvcHkuZGItd2FsADOvZ2ti0H0kwcDAxAAEjLovsl6vPPGS/6Dpa4fOn919DBAJJpi4utTnRzJTpzrzggQZ7zMwvgcSo2C4AT4mZkZFpsw8hZKMVIWc/HR+RmZO1eSM1OTsgvzMvJLUFABbl3irOAIAAA==',
  /** A database in the middle of a transaction. */
  'hot.db':
    'H4sICOozCWsCA2hvdC5kYgDtlWdonlUYhs91328zmqbpTne+7qZp05HulSZNOtORJm3TpitJ05k2HV/3fK3VWhHBCqKIUhSpiAPFgSiiFEUq4kBxIBVRiuLAgQOL+IbSP/7xn3/szXO4zoHz4zxcB56a6qqt6ebUptY9OxrSqZKgAGFWKhVCsr22rodkRf84/1sUipvIbbvM5ZDUjfy3KSAjPy+P0emGxpbmdFqzl1WW1VamasvKqypT6eENhdfcXA1J3cj/LELZbf7nhfsS//zOz3zP13zJZT7hA97hEq/zKi/xPE/zOBd4iAe4l7u5k7Oc5iRH2M9uWthMI2upo4bFzKeCUqYygTEUMZQB9CWfLuSShcNf4Y/wS/ghfBO+Cp+HT8OH4d3wVngjvBZeDi+EZ8IT4dHwcHgweVDwPDHXc8UczxGVrhQVrhCzPVuUu1yUuUzM8ixR6lIx0zPFDM8Q0z1dTPM0MdVTxRRPEZM9WUzyJDHRE8UETxDjPV6UuESM8zgx1mPFGI8Roz1aFLtYjPIoMdIjRZGLxAiPEIUuFMM9XAzzMDHUQ8UQDxGDPVgM8iAx0APFAA8QKadEgQtEf/cX/dxP9HVf0cd9RG/3Fr3cS/R0T5HvfNHDPUR3dxfd3E10dVfRxV1EZ3cWndxJ5DlPdHRHketc0cEdRI5zRHu3F9nOFlnOEpnOFBnOEO3cTkSOhO1EfJLs6/4rwrnAn/zKj3zLFb7gMz7ifd7mTS7yCi/yLE/xGI9wnvu5h7u4gzOc4jiHSNPKNprZQD0rqKaKuZQzg8mUUEwhgymgN93pRA4ZyWS5Gn4LP4XvwpXE/sfhvXApXEzMPxeeDBfC+cT6ubYZE3eQwu1RnJPgbBS3T3BbFGcnOBPFWQlujeLMBLdEcUaC01HcLsHNURwlOBXFTnBTFCcthjiKk17DScfJbz/hE+K4j4tjPiaO+qg44iPisA+LQz4kDvqgOOADYr/3i33eJ9JOi73eK/Z4j9jt3WKXd4lWt4qd3il2eIdocYvY7u1im7eJrd4qtniL2OzNYpM3iWY3i43eKJrcJBrdKBrcIDZ4g1jv9WKd14m1XivWeI2od71Y7dVilVeJOteJlV4pVniFWO7lota1osY1YpmXiWpXi6VeKpZ4iVjsxWKRF4kqV4mFXigWeIGY7/li3t+gwUR2AAgAAA==',
  /** What brings it back. */
  'hot.db-journal':
    'H4sICOozCWsCA2hvdC5kYi1qb3VybmFsALt5lfWnwsLk6wwMDEztMdIbQTQYgfEoGAGAiRdIMDL+YQCiUTDSIp+RiROa7xmDA30yS1IV0vKLchNLFIyBJQAjI4ODggIDZoHACMQsaHyCVjHoJTNC0tp9BiAaBfQF8oxs4vz8jPoliUk5qSUlTM5Bro4hrgohjk4+rgolGoma0HQwCkYomMa/XG+0/h9ZAAAdLknJAAoAAA==',
} as const;

export function leftFile(name: keyof typeof LEFT_FILES): Uint8Array {
  return gunzipSync(Buffer.from(LEFT_FILES[name], 'base64'));
}
