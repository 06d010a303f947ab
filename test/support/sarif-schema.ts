/*
 * The part of SARIF 2.1.0's schema (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json)
 * that our logs touch, with what it requires and the properties that it knows at each place: it allows no others.
 */

const text = { type: 'string' } as const;
const index = { type: 'integer', minimum: -1 } as const;
const place = { type: 'integer', minimum: 1 } as const;

const message = object(
  { text, markdown: text, id: text, arguments: { type: 'array' } },
  { anyOf: [{ required: ['text'] }, { required: ['id'] }] },
);
const multiformatMessage = object({ text, markdown: text }, { required: ['text'] });
const artifactLocation = object({
  uri: { type: 'string', pattern: '^[!-~]+$' },
  uriBaseId: text,
  index,
  description: message,
});
const region = object({ startLine: place, startColumn: place, endLine: place, endColumn: place });
const rule = object(
  {
    id: text,
    name: text,
    shortDescription: multiformatMessage,
    fullDescription: multiformatMessage,
    help: multiformatMessage,
    helpUri: text,
  },
  { required: ['id'] },
);
const result = object(
  {
    ruleId: text,
    ruleIndex: index,
    level: { enum: ['none', 'note', 'warning', 'error'] },
    message,
    locations: array(object({ physicalLocation: object({ artifactLocation, region }) })),
  },
  { required: ['message'] },
);
const run = object(
  {
    tool: object(
      { driver: object({ name: text, version: text, rules: array(rule) }, { required: ['name'] }) },
      { required: ['driver'] },
    ),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    originalUriBaseIds: { type: 'object', additionalProperties: artifactLocation },
    artifacts: array(object({ location: artifactLocation })),
    results: array(result),
  },
  { required: ['tool'] },
);

/** JSON schema of a log as `quern check --sarif` prints it. */
export const SARIF_SCHEMA = object(
  { $schema: text, version: { enum: ['2.1.0'] }, runs: array(run) },
  { required: ['version', 'runs'] },
);

function object(properties: object, rest: object = {}): object {
  return { type: 'object', properties, additionalProperties: false, ...rest };
}

function array(items: object): object {
  return { type: 'array', items };
}
