import './page.css';
import './profile/profile.css';
import './notices.css';
import './forced-colors.css';
import type { FromProfilePage, ToProfilePage } from '../wasm-core/protocol/profile-page.ts';
import { connectHost } from './host-link.ts';
import { parseProfileMessage } from './profile/parse-message.ts';
import { ProfileApp } from './profile/profile-app.ts';
import { readTranslations } from './translations.ts';

readTranslations();
const root = document.createElement('main');
document.body.append(root);
const link = connectHost<FromProfilePage, ToProfilePage>(parseProfileMessage, (message) =>
  app.receive(message),
);
const app = new ProfileApp(root, (message) => link.send(message));
link.send({ type: 'ready' });
