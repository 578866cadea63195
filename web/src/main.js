// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact';
import { html } from './html.js';
import { App } from './app.js';
import '../../src/figure/palette.css';
import './page.css';

render(html`<${App} />`, document.getElementById('app'));
