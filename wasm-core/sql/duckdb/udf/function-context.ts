import { DOCUMENT_TYPE, type DocumentValue, type LogLine } from '../../../protocol/plugins.ts';
import type { RunContext } from '../../../runtime/host-functions/owner.ts';
import { createRunContext } from '../../../runtime/run-context.ts';
import type { SessionPlugin } from '../../engine.ts';

/** What the host functions of one module do during one statement. */
export interface FunctionContext {
  readonly context: RunContext;
  /** Grows while the functions log. */
  readonly logs: readonly LogLine[];
  /** Sets the document of the call that follows; undefined for none. */
  setDocument(document: DocumentValue | undefined): void;
}

/**
 * The context of a module's functions in a statement: what the module was granted, but no state, since the rows of a
 * statement come in no set order. A DOCUMENT argument is a grant of its own, by whoever passes it.
 */
export function createFunctionContext(plugin: SessionPlugin): FunctionContext {
  const takesDocument = plugin.functions.some((fn) =>
    fn.parameters.some(({ type }) => type === DOCUMENT_TYPE),
  );
  const granted = (plugin.capabilities ?? ['log']).filter((name) => name !== 'state' && name !== 'fs');
  const { context, logs } = createRunContext({
    compiled: plugin.compiled,
    inputs: {
      capabilities: takesDocument ? [...granted, 'document'] : granted,
      ...(plugin.withheld && { withheld: plugin.withheld }),
    },
  });
  let document: DocumentValue | undefined;
  return {
    context: {
      ...context,
      isStateless: true,
      get document() {
        return document;
      },
    },
    logs,
    setDocument: (value) => {
      document = value;
    },
  };
}
