/** The code of what is at fault in a `quern.json`, which then says nothing. */
export const WORKSPACE_FAULT = 'workspace-file';

/** What names something that is not there. */
export const WORKSPACE_REFERENCE = { code: 'workspace-reference', level: 'warning' } as const;

/** A table that cannot be read as its entry says. */
export const WORKSPACE_TABLE = { code: 'workspace-table', level: 'warning' } as const;
