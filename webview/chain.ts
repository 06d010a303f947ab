import './page.css';
import './notices.css';
import './chain/chain.css';
import './forced-colors.css';
import type { FromChainPage, ToChainPage } from '../wasm-core/protocol/chain-page.ts';
import { ChainApp } from './chain/chain-app.ts';
import { parseChainMessage } from './chain/parse-message.ts';
import { connectHost } from './host-link.ts';
import { readTranslations } from './translations.ts';

readTranslations();
const root = document.createElement('main');
document.body.append(root);
const link = connectHost<FromChainPage, ToChainPage>(parseChainMessage, (message) => app.receive(message));
const app = new ChainApp(root, (message) => link.send(message));
link.send({ type: 'ready' });
