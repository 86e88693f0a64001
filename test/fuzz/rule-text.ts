// The lines of a random rule: what the chip or the synapses that have it cannot read is left out.

import type { ProductCase, RuleCase } from './fuzz-case.ts';
import { pick } from './seeded.ts';

/** Bits that the factors of a product may have together: the engine multiplies them and a mantissa in 31. */
const FACTOR_BITS_MAX = 27;

/** What the products of a rule may read on every projection that has it. */
export interface Readable {
  readonly reward: boolean;
  readonly rewardTrace: boolean;
  /** It may change delays. */
  readonly delays: boolean;
  /** Post spikes, and the traces that they leave. */
  readonly post: boolean;
}

/** The products of a rule that may be there; a rule that has none left learns pairs of spikes. */
function legalProducts({ products }: RuleCase, { delays, post }: Readable): readonly ProductCase[] {
  const readsPost = ({ gate, factors }: ProductCase): boolean =>
    gate === 'y0' || factors.some(({ variable }) => variable.startsWith('y'));
  const legal = products.filter(
    (product) => (product.target !== 'd' || delays) && (post || !readsPost(product)),
  );
  return legal.length > 0
    ? legal
    : [{ target: 'w', gate: 'x0', decimation: 0, mantissa: 1, exponent: 1, factors: [] }];
}

/** At most: w, d and t have nine bits under one down-scale and fewer under the other. */
function factorBits(variable: string, sign: boolean): number {
  if (sign || variable === 'x0' || variable === 'y0' || variable === 'r0') return 1;
  return variable === 'w' || variable === 'd' || variable === 't' ? 9 : 7;
}

function factorTexts({ factors }: ProductCase, targets: ReadonlySet<string>, readable: Readable): string[] {
  const texts: string[] = [];
  let bits = 0;
  for (const { variable, constant, sign } of factors) {
    if (variable === 'r0' && !readable.reward) continue;
    if (variable === 'r1' && !readable.rewardTrace) continue;
    const isSynaptic = variable === 'w' || variable === 'd' || variable === 't';
    const signed = sign && isSynaptic;
    bits += factorBits(variable, signed);
    if (bits > FACTOR_BITS_MAX) break;
    let added = isSynaptic ? (variable === 'd' ? constant : constant - (Math.abs(constant) % 2)) : 0;
    // A tag or delay that no line changes may be read with a constant only.
    if (added === 0 && (variable === 't' || variable === 'd') && !targets.has(variable)) added = 2;
    const text = added === 0 ? variable : `${variable} ${added < 0 ? '-' : '+'} ${Math.abs(added)}`;
    texts.push(signed ? `sgn(${text})` : added === 0 ? text : `(${text})`);
  }
  return texts;
}

/** The lines of a rule, one per target; `mantissas` replaces those of the products in turn. */
export function ruleLines(rule: RuleCase, readable: Readable, mantissas: readonly number[] = []): string[] {
  const products = legalProducts(rule, readable);
  const targets = new Set<string>(products.map(({ target }) => target));
  return (['w', 'd', 't'] as const).flatMap((target) => {
    const own = products.filter((product) => product.target === target);
    if (own.length === 0) return [];
    const terms = own.map((product, i) => {
      const mantissa = (mantissas.length > 0 ? pick(mantissas, i) : product.mantissa) || 1;
      const gate = product.gate === 'u' ? `u${product.decimation}` : product.gate;
      const factors = [gate, ...factorTexts(product, targets, readable)].join('*');
      return `${mantissa < 0 ? '-' : '+'} ${Math.abs(mantissa)}*2^${product.exponent}*${factors}`;
    });
    return [`d${target} = ${terms.join(' ')}`];
  });
}
