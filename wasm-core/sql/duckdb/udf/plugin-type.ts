import { DOCUMENT_TYPE, type PluginType } from '../../../protocol/plugins.ts';
import { sqlTypeOf } from '../../../runtime/values/sql-type-of.ts';
import type { Pointer } from '../c-api.ts';
import { createType, withType } from '../logical-type.ts';
import type { Native } from '../native.ts';

/** Calls `use` with the engine's type for a parameter or a result; a DOCUMENT is anything. */
export function withPluginType(native: Native, type: PluginType, use: (type: Pointer) => void): void {
  if (type === DOCUMENT_TYPE) {
    withType(native, native.api.duckdb_create_logical_type(ANY), use);
    return;
  }
  withType(native, createType(native, sqlTypeOf(type)), use);
}

/** `DUCKDB_TYPE_ANY` of duckdb.h. */
const ANY = 34;
