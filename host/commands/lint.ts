// `seamount lint`: what of a network's learning the chip cannot do, product by product, and the legal alternatives.

import { openChip } from '../chip/open.ts';
import { compile } from '../compile/compile.ts';
import { inspectProducts, type ProductVerdict } from '../compile/legality.ts';
import { UserError } from '../errors.ts';
import { sayLegality, writeJson } from './output.ts';
import { findSubject, type SubjectOptions } from './subject.ts';

export interface LintOptions extends SubjectOptions {
  readonly chip: string;
  readonly json?: string;
}

/** A line for a product, with what it reads and when; below it why the chip cannot do it. */
function sayVerdict({ product, moment, reads, refusal }: ProductVerdict, width: number): string {
  const what = reads.length === 0 ? '' : `, reads ${reads.join(', ')}`;
  const head = `  ${refusal === undefined ? 'ok     ' : 'refused'}  ${product.padEnd(width)}  ${moment}${what}`;
  if (refusal === undefined) return head;
  const instead = refusal.instead === undefined ? '' : `\n           instead: ${refusal.instead}`;
  return `${head}\n           ${refusal.reason} (${refusal.code})${instead}`;
}

/** What the rest of the page means, for who sees it for the first time. */
const KEY = `A rule is a sum of products. The gate of a product says when it is evaluated, and its traces (x1, y1 ...) are read at that
moment: x0 at the pre spike, y0 at the post spike, u<k> at the end of every 2^k-th learning epoch. A product that can
only ever be 0 is refused.
`;

/** What else keeps the network off the chip: widths, profiles, memory. Only asked if all products are legal. */
function misfit(work: () => unknown): UserError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Returns whether the chip can do all of it. */
export async function lint(name: string, options: LintOptions): Promise<'legal' | 'refused'> {
  const { chip } = await openChip(options.chip);
  const { title, network } = await findSubject(name, options);
  const { verdicts, legality } = inspectProducts(network, chip);
  const refused = verdicts.filter(({ refusal }) => refusal !== undefined).length;
  const problem = refused > 0 ? undefined : misfit(() => compile(network, chip));
  const outcome = refused > 0 || problem !== undefined ? 'refused' : 'legal';
  if (
    writeJson(options.json, {
      network: network.name,
      chip: chip.name,
      products: verdicts,
      problem: problem && { message: problem.message, ...problem.details },
      legality,
    })
  )
    return outcome;
  const placeOf = ({ rule, projection }: ProductVerdict): string => {
    const { from, to } = network.projections.find(({ name }) => name === projection)!;
    return `rule "${rule}" on "${projection}" (from "${from}" to "${to}")`;
  };
  const places = [...new Set(verdicts.map(placeOf))];
  const width = Math.min(40, Math.max(0, ...verdicts.map(({ product }) => product.length)));
  process.stdout.write(
    `${title} on ${chip.title}: ${verdicts.length} product${verdicts.length === 1 ? '' : 's'}, ${refused} refused\n`,
  );
  if (verdicts.length > 0) process.stdout.write(KEY);
  for (const place of places) {
    const own = verdicts.filter((verdict) => placeOf(verdict) === place);
    process.stdout.write(`\n${place}\n${own.map((verdict) => sayVerdict(verdict, width)).join('\n')}\n`);
  }
  if (problem !== undefined) {
    const { code, hint } = problem.details;
    process.stdout.write(`\nrefused: ${problem.message} (${code})\n`);
    if (hint !== undefined) process.stdout.write(`  instead: ${hint}\n`);
  }
  process.stdout.write(sayLegality(legality));
  return outcome;
}
