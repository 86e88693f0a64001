// The frame of a page: one file without a request to anywhere, which its own security policy states.

import { html, Markup } from './markup.ts';
import { STYLE } from './style.ts';

export interface PageSection {
  /** Anchor. */
  readonly id: string;
  readonly title: string;
  /** Said below the title. */
  readonly lead?: Markup | string;
  readonly body: Markup;
}

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** A whole HTML document. */
export function page(title: string, head: Markup, sections: readonly PageSection[], foot: Markup): string {
  const links = sections.map((section) => html`<a href="#${section.id}">${section.title}</a>`);
  const bodies = sections.map(
    ({ id, title: name, lead, body }) => html`
<section id="${id}">
<h2>${name}</h2>
${lead === undefined ? null : html`<p class="lead">${lead}</p>`}
${body}
</section>`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Seamount">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header class="page">
${head}
<nav aria-label="Sections">${links}</nav>
</header>
<main>${bodies}
</main>
<footer>${foot}</footer>
</body>
</html>
`.text;
}

/** A box with a title, unless that of the section says it all, and a remark below it. */
export function card(
  title: string | null,
  remark: Markup | string | null,
  body: Markup,
  kind: '' | 'wide' | 'wide long' = '',
): Markup {
  return html`<div class="card ${kind}">${title === null ? null : html`<h3>${title}</h3>`}${remark === null ? null : html`<p class="remark">${remark}</p>`}${body}</div>`;
}

/** Boxes side by side. */
export function cards(...items: readonly Markup[]): Markup {
  return html`<div class="cards">${items}</div>`;
}

/** Column of a table. */
export interface Column {
  readonly title: Markup | string;
  readonly kind?: 'n' | 'wrap';
}

/** A row: cells in the order of the columns; the first is its heading. One cell alone is the title of a group. */
export interface Row {
  readonly cells: readonly (Markup | string)[];
  readonly isChosen?: boolean;
}

/** A table that scrolls by itself if it is too wide. */
export function table(columns: readonly Column[], rows: readonly Row[]): Markup {
  const kind = (i: number) => columns[i]?.kind ?? '';
  const head = columns.map(({ title }, i) => html`<th class="${kind(i)}" scope="col">${title}</th>`);
  const body = rows.map(({ cells, isChosen }) => {
    const [first, ...others] = cells;
    if (others.length === 0 && columns.length > 1)
      return html`<tr class="group"><th scope="rowgroup" colspan="${columns.length}">${first}</th></tr>\n`;
    const rest = others.map((cell, i) => html`<td class="${kind(i + 1)}">${cell}</td>`);
    return html`<tr class="${isChosen === true ? 'chosen' : ''}"><th scope="row">${first}</th>${rest}</tr>\n`;
  });
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}</tbody></table></div>`;
}

/** A value that may be `unknown`, set apart if it is. */
export function valueText(text: string): Markup {
  return text.startsWith('unknown') ? html`<span class="unknown">${text}</span>` : html`${text}`;
}
