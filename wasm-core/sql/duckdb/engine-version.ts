/** The engine's version, as its `version()` gives it. */
export const ENGINE_VERSION = 'v1.4.3';
