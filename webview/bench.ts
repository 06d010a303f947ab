import './page.css';
import './notices.css';
import './bench/bench.css';
import './forced-colors.css';
import type { FromBenchPage, ToBenchPage } from '../wasm-core/protocol/bench-page.ts';
import { BenchApp } from './bench/bench-app.ts';
import { parseBenchMessage } from './bench/parse-message.ts';
import { connectHost } from './host-link.ts';
import { readTranslations } from './translations.ts';

readTranslations();
const root = document.createElement('main');
document.body.append(root);
const link = connectHost<FromBenchPage, ToBenchPage>(parseBenchMessage, (message) => app.receive(message));
const app = new BenchApp(root, (message) => link.send(message));
link.send({ type: 'ready' });
