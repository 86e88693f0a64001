// HTML by template literal. Whatever is put in is escaped unless it is markup already, so a name from a file can
// never become a tag.

/** HTML that needs no escaping. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What a template takes: text, numbers, markup, lists of them; null and undefined leave nothing. */
export type Content = string | number | Markup | null | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute. Control characters, which HTML has no notation for, become U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!).replace(/[^\P{Cc}\t\n]/gu, '\ufffd');
}

function rendered(content: Content): string {
  if (content === null || content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(rendered).join('');
  return escapeHtml(String(content));
}

/**
 * @example
 * html`<td>${'a < b'}</td>`.text // '<td>a &lt; b</td>'
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const parts = strings.map((string, i) => (i === 0 ? string : rendered(contents[i - 1]) + string));
  return new Markup(parts.join(''));
}
