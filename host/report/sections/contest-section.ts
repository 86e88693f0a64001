// Which run takes less energy per training sample, and how sure that is.

import type { Contest } from '../../energy/contest.ts';
import { formatShare, UNKNOWN } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import { card, cards, table } from '../page.ts';

/** More runs than this make a table that nobody reads. */
const RUNS_SHOWN = 12;

/** `97.3 %`, and the range over profiles and readings if they say otherwise. */
function contestText(contest: Contest | null): Markup {
  if (contest === null) return html`<span class="unknown">${UNKNOWN}</span>`;
  const { share, low, high } = contest;
  const range =
    high - low < 5e-4 ? null : html`<br><span class="mute">${formatShare(low)} – ${formatShare(high)}</span>`;
  return html`<b>${formatShare(share)}</b>${range}`;
}

export const CONTEST_LEAD =
  'The share of 1000 draws of the energy coefficients in which the run of the row takes less energy per training ' +
  'sample than the run of the column. What both have in common is drawn once for both. Below it: the least and the ' +
  'greatest share over the energy profiles that both have and the two open readings of the learning visits. A share ' +
  'near 50 % means that the coefficients do not tell the two apart.';

/** @param keys of the runs, in the order of the rows */
export function contestSection(
  keys: readonly Markup[],
  shares: readonly (readonly (Contest | null)[])[],
): Markup {
  const columns = [{ title: 'less than' }, ...keys.map((title) => ({ title, kind: 'n' as const }))];
  const rows = shares.slice(0, RUNS_SHOWN).map((row, i) => ({
    cells: [keys[i]!, ...row.slice(0, RUNS_SHOWN).map((item, j) => (i === j ? '–' : contestText(item)))],
  }));
  return cards(card(null, null, table(columns.slice(0, RUNS_SHOWN + 1), rows), 'wide'));
}
