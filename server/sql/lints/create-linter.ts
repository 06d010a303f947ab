import type { HostLink } from '../../host-link.ts';
import type { Turns } from '../../turns.ts';
import { type KnowledgeSources, knowledgeFor } from '../host-knowledge.ts';
import type { DocumentSyntaxes } from '../syntax/document-syntax.ts';
import { SqlLinter } from './linter.ts';
import { TrialCalls } from './trial-calls.ts';

/** A linter over what the host, the plugins and the workspace's settings say. */
export function createLinter(
  sources: KnowledgeSources & {
    readonly host: HostLink;
    readonly syntaxes: DocumentSyntaxes;
    readonly turns: Turns;
  },
): SqlLinter {
  const { host, sessions, workspace, syntaxes, turns } = sources;
  const trials = new TrialCalls(host, sessions);
  return new SqlLinter({
    syntaxes,
    turns,
    knowledge: (uri, database) => knowledgeFor(uri, sources, database),
    failure: async (uri, call) => {
      const folders = workspace.foldersOf(uri);
      return folders && trials.failure(folders, call);
    },
    levels: () => workspace.options.diagnostics ?? {},
  });
}
