/** The wire protocol's version. A host and a client with different numbers do not talk: see `host/hello`. */
export const PROTOCOL_VERSION = 1;
