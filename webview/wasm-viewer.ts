import './page.css';
import './wasm/wasm-viewer.css';
import './wasm/rows.css';
import './wasm/treemap.css';
import type { FromWasmPage } from '../wasm-core/protocol/wasm-viewer.ts';
import { connectHost } from './host-link.ts';
import { readTranslations } from './translations.ts';
import { parseWasmMessage, type UncheckedMessage } from './wasm/parse-wasm-message.ts';
import { ViewerApp } from './wasm/viewer-app.ts';

readTranslations();
const root = document.createElement('main');
document.body.append(root);
const link = connectHost<FromWasmPage, UncheckedMessage>(parseWasmMessage, (message) => app.receive(message));
const app = new ViewerApp(root, (message) => link.send(message));
link.send({ type: 'ready' });
