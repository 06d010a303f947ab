/** A database in memory, attached to a session where it is needed, whose tables and views no listing tells of. */
export const HIDDEN_DATABASE = 'quern_hidden';
