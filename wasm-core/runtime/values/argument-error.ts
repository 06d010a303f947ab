import { CoreError } from '../../protocol/errors.ts';
import type { PluginType } from '../../protocol/plugins.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';

/** Which part of which argument a value is, for messages. */
export interface ArgumentPlace {
  /** The parameter's name, with what leads to a value inside it: `xs[2].a`. */
  readonly name: string;
  /** The parameter's own name. */
  readonly parameter: string;
  readonly type: PluginType;
}

/** ARGUMENT_INVALID that names the place, its type, the value (shortened) and what to give. */
export function invalidArgument(value: TypedValue, place: ArgumentPlace, wanted: string): CoreError {
  const text = JSON.stringify(value) ?? String(value);
  const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  const message = `The argument ${place.name} is ${shown}, but its type is ${place.type}: give ${wanted}, or null.`;
  return new CoreError('ARGUMENT_INVALID', message, { parameter: place.parameter, type: place.type });
}
