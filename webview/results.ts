import './results.css';
import './grid/grid.css';
import './notices.css';
import { connectHost } from './host-link.ts';
import { ResultsApp } from './results-app.ts';

const root = document.createElement('main');
document.body.append(root);
const link = connectHost((message) => app.receive(message));
const app = new ResultsApp(root, (message) => link.send(message));
link.send({ type: 'ready' });
