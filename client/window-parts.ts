import * as vscode from 'vscode';
import type { HostConnection } from '../wasm-core/connect/host-connection.ts';
import { BenchPanel } from './bench/bench-panel.ts';
import { BenchRequests } from './bench/bench-requests.ts';
import { BenchTree } from './bench/bench-tree.ts';
import { BenchActions, BenchWarnings } from './bench/bench-warnings.ts';
import { Benches } from './bench/benches.ts';
import { followBaselines } from './bench/follow-baselines.ts';
import { benchHistory } from './bench/git-history.ts';
import { ChainLenses } from './chains/chain-lenses.ts';
import { ChainPanel } from './chains/chain-panel.ts';
import { askParameter } from './commands/parameter-commands.ts';
import { DataEditors } from './data-editor/data-editors.ts';
import { DataTree } from './data-tree/data-tree.ts';
import { Comparer } from './diff/comparer.ts';
import { RecentResults } from './diff/recent-results.ts';
import { Exporter } from './export/exporter.ts';
import { splitFunctionLenses } from './functions/function-lenses.ts';
import { giveKey } from './host/host-key.ts';
import { HostLink } from './host/host-link.ts';
import { HostRecovery } from './host/host-recovery.ts';
import { Sessions } from './host/sessions.ts';
import { LanguageService } from './language-client.ts';
import { translatedLens } from './lens-titles.ts';
import { CoverageDecorations } from './profile/coverage-decorations.ts';
import { ProfilePanel } from './profile/profile-panel.ts';
import { ShownProfile } from './profile/shown-profile.ts';
import { RemoteConsent } from './remote/remote-consent.ts';
import { RemoteCredentials } from './remote/remote-credentials.ts';
import { ResultsPanel } from './results/results-panel.ts';
import { EditHistory } from './run/edit-history.ts';
import { FileWatches } from './run/file-watches.ts';
import { ParameterValues } from './run/parameter-values.ts';
import { PluginChanges } from './run/plugin-changes.ts';
import { PluginSaves } from './run/plugin-saves.ts';
import { ReplayActions } from './run/replay-actions.ts';
import { RunDiagnostics } from './run/run-diagnostics.ts';
import { RunRecorder } from './run/run-recorder.ts';
import { RunViews } from './run/run-views.ts';
import { Runner } from './run/runner.ts';
import { SqlRequests } from './run/sql-requests.ts';
import { statementLenses } from './run/statement-lenses.ts';
import { TrapDiagnostics } from './run/trap-diagnostics.ts';
import { readSettings } from './settings.ts';

/** Has a part disposed of with the extension, and gives it back. */
export type Own = <T extends vscode.Disposable>(part: T) => T;

/** What a window is made of; all of it is there for as long as the extension is. */
export type WindowParts = ReturnType<typeof createWindowParts>;

/** Makes the parts of a window. Nothing is started by that. */
export function createWindowParts(context: vscode.ExtensionContext, own: Own) {
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const log = own(vscode.window.createOutputChannel('Quern', { log: true }));
  const memory = context.workspaceState;
  const base = { dist, log, memory, file: (name: string) => vscode.Uri.joinPath(dist, name).fsPath };
  const host = createHostParts(context, { ...base, own });
  const editing = createEditingParts(context, { ...base, ...host, own });
  const data = createDataParts({ ...base, ...host, own });
  const run = createRunParts({ ...base, ...host, ...editing, own });
  const bench = createBenchParts({ ...base, ...host, ...editing, ...run, own });
  return { ...base, ...host, ...editing, ...data, ...run, ...bench };
}

interface Base {
  readonly own: Own;
  readonly dist: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** What the workspace remembers. */
  readonly memory: vscode.Memento;
  /** The path of a file in `dist`. */
  readonly file: (name: string) => string;
}

/** The way to the host. */
function createHostParts({ globalStorageUri, secrets }: vscode.ExtensionContext, { own, log, file }: Base) {
  const sessionKey = crypto.randomUUID();
  const prepare = (connection: HostConnection) => giveKey(connection, { secrets, log });
  const link = own(new HostLink({ hostPath: file('host.js'), settings: readSettings, log, prepare }));
  const recovery = own(new HostRecovery(link, log));
  const credentials = new RemoteCredentials(secrets);
  return {
    sessionKey,
    link,
    recovery,
    credentials,
    sessions: new Sessions(link, { sessionKey, scratch: globalStorageUri, credentials }),
  };
}

type HostParts = ReturnType<typeof createHostParts>;

/** The language server, and what is remembered of documents. */
function createEditingParts(
  { workspaceState }: vscode.ExtensionContext,
  { own, log, file, link, sessionKey }: Base & HostParts,
) {
  const edits = new EditHistory();
  const values = new ParameterValues(workspaceState, askParameter);
  const files = own(new FileWatches());
  const plugins = own(new PluginChanges(link));
  const recorder = own(new RunRecorder({ edits, files, plugins, values }));
  const languages = own(
    new LanguageService({
      serverPath: file('server.js'),
      sessionKey,
      log,
      lenses: (document, lenses) => {
        const { functions, others } = splitFunctionLenses(lenses);
        const statements = statementLenses(document, others, { recorder, values });
        return [...statements, ...functions].map(translatedLens);
      },
    }),
  );
  return { edits, values, recorder, languages, saves: own(new PluginSaves()) };
}

type EditingParts = ReturnType<typeof createEditingParts>;

/** What shows the data of the workspace: its tree, and editors of its files. */
function createDataParts({ own, dist, link, sessions }: Base & HostParts) {
  const tree = own(new DataTree({ link, sessions }));
  return { tree, data: own(new DataEditors({ dist, link, sessions })) };
}

/** What runs statements, and shows what they gave. */
function createRunParts(parts: Base & HostParts & EditingParts) {
  const { own, dist, log, memory, link, sessions, recorder, languages, saves } = parts;
  const diagnostics = own(new RunDiagnostics());
  own(new ReplayActions(diagnostics));
  const results = own(new ResultsPanel(dist, { link, sessions }, memory));
  own(recorder.onDidChange(() => results.showChanges((...run) => recorder.changesOf(...run))));
  const shown = own(new ShownProfile());
  own(new CoverageDecorations(shown));
  const panel = own(new ProfilePanel(dist, shown));
  const recent = new RecentResults(new RunViews({ results, profile: panel }));
  const comparer = new Comparer({ link, sessions, results });
  const settled = async (sql: string) => {
    await saves.settled();
    await languages.settled(sql);
  };
  const requests = new SqlRequests(link, sessions);
  const traps = own(new TrapDiagnostics());
  const runner = own(new Runner({ requests, recorder, settled, diagnostics, traps, view: recent, log }));
  own(new RemoteConsent({ link, runner, log }));
  const exporter = new Exporter({ link, sessions, settled, log });
  const chains = own(new ChainPanel({ dist, link, settled }));
  own(new ChainLenses());
  return { chains, results, shown, panel, settled, runner, recent, comparer, exporter };
}

type RunParts = ReturnType<typeof createRunParts>;

/** What measures, and shows what was measured. */
function createBenchParts(parts: Base & HostParts & EditingParts & RunParts) {
  const { own, dist, log, link, sessions, recorder, settled } = parts;
  const benchPanel = own(new BenchPanel(dist));
  const requests = new BenchRequests(link, sessions);
  const benches = own(
    new Benches({ requests, recorder, settled, panel: benchPanel, history: benchHistory, log }),
  );
  own(followBaselines(benches));
  own(new BenchActions(own(new BenchWarnings(benches))));
  return { benchPanel, benches, benchTree: own(new BenchTree({ link, benches })) };
}
