// SPDX-License-Identifier: Apache-2.0
// Who is signed in, and what the role allows.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export const Session = createContext(null);
export const useSession = () => useContext(Session);
export const RANK = { reader: 0, reviewer: 1, admin: 2 };
/** Whether the user's role reaches `role`. */
export const useMay = role => (RANK[useSession()?.role] ?? -1) >= RANK[role];
