// SPDX-License-Identifier: Apache-2.0
// One place for the markup function. Text in ${} is always text, never markup.
export { html } from 'htm/preact';
