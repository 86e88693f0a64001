// A strict reader of HTML as this program writes it: every element is closed where it must be and every attribute
// quoted. A browser would mend what this refuses.

export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (HtmlElement | string)[];
}

const VOID = new Set(['meta', 'link', 'br', 'img']);
const TAG = /^<(\/?)([a-z][a-zA-Z0-9]*)((?:\s+[a-zA-Z_:][\w:.-]*="[^"<]*")*)\s*(\/?)>/;
const ATTRIBUTE = /([a-zA-Z_:][\w:.-]*)="([^"<]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': '\u00a0',
};

function decoded(text: string): string {
  return text.replace(/&[^;\s]*;?/g, (entity) => {
    const letter = ENTITIES[entity];
    if (letter === undefined) throw new Error(`"${entity}" is no entity that the pages use`);
    return letter;
  });
}

/**
 * Parses a document.
 * @throws Error at the first thing that is not well-formed
 */
export function parseHtml(text: string): HtmlElement {
  const doctype = '<!doctype html>';
  if (!text.startsWith(doctype)) throw new Error('there is no doctype');
  const root = { name: '', attributes: new Map<string, string>(), children: [] as (HtmlElement | string)[] };
  const open = [root];
  let rest = text.slice(doctype.length);
  while (rest !== '') {
    const end = rest.indexOf('<');
    const words = end < 0 ? rest : rest.slice(0, end);
    if (words !== '') open.at(-1)!.children.push(decoded(words));
    if (end < 0) break;
    rest = rest.slice(end);
    const tag = TAG.exec(rest);
    if (tag === null) throw new Error(`not a tag: ${rest.slice(0, 60)}`);
    rest = rest.slice(tag[0].length);
    const [, slash, name, attributes, selfClosing] = tag;
    if (slash === '/') {
      const closed = open.pop()!;
      if (closed.name !== name) throw new Error(`</${name}> closes <${closed.name}>`);
      continue;
    }
    const entries = [...attributes!.matchAll(ATTRIBUTE)].map(([, key, value]) => [key!, value!] as const);
    const element = {
      name: name!,
      attributes: new Map(entries.map(([key, value]) => [key, decoded(value)])),
      children: [] as (HtmlElement | string)[],
    };
    if (element.attributes.size !== entries.length) throw new Error(`an attribute twice: ${tag[0]}`);
    open.at(-1)!.children.push(element);
    if (name === 'style') {
      const close = rest.indexOf('</style>');
      element.children.push(rest.slice(0, close));
      rest = rest.slice(close + '</style>'.length);
    } else if (!VOID.has(name!) && selfClosing !== '/') open.push(element);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  return root;
}

/** An element and everything in it, in the order of the document. */
export function descendants(element: HtmlElement): HtmlElement[] {
  return [
    element,
    ...element.children.flatMap((child) => (typeof child === 'string' ? [] : descendants(child))),
  ];
}

/** What a reader sees, a block to a line: the style sheet left out, every space a plain one. */
export function textOf(element: HtmlElement): string {
  if (element.name === 'style') return '';
  const parts = element.children.map((child) =>
    typeof child === 'string' ? child.replace(/[\s\u00a0\u202f]+/gu, ' ') : textOf(child),
  );
  const isBlock = /^(?:div|p|li|td|th|tr|h\d|section|dt|dd|br|text|title|summary)$/.test(element.name);
  return parts.join('') + (isBlock ? '\n' : '');
}

/** The first element with this id. */
export function byId(document: HtmlElement, id: string): HtmlElement {
  const found = descendants(document).find(({ attributes }) => attributes.get('id') === id);
  if (found === undefined) throw new Error(`there is no element with id ${id}`);
  return found;
}

/** Rows of every table in an element, cells as plain text. */
export function tableRows(element: HtmlElement): string[][] {
  return descendants(element)
    .filter(({ name }) => name === 'tr')
    .map((row) =>
      row.children.flatMap((cell) =>
        typeof cell === 'string' ? [] : [textOf(cell).replace(/\s+/g, ' ').trim()],
      ),
    );
}
