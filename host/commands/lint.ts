// `seamount lint`: what of a network's learning the chip cannot do, product by product, and the legal alternatives.

import { loadChip } from '../chip/load.ts';
import { compile } from '../compile/compile.ts';
import { inspectProducts, type ProductVerdict } from '../compile/legality.ts';
import { UserError } from '../errors.ts';
import { writeJson } from './output.ts';
import { findSubject, type SubjectOptions } from './subject.ts';

export interface LintOptions extends SubjectOptions {
  readonly chip: string;
  readonly json?: string;
}

function sayVerdict({ product, gate, reads, refusal }: ProductVerdict): string {
  const what = reads.length === 0 ? 'reads nothing' : `reads ${reads.join(', ')}`;
  const head = `  ${refusal === undefined ? 'ok     ' : 'refused'}  ${product}   (at ${gate}; ${what})`;
  if (refusal === undefined) return head;
  const instead = refusal.instead === undefined ? '' : `\n           instead: ${refusal.instead}`;
  return `${head}\n           ${refusal.reason}${instead}`;
}

/** What else keeps the network off the chip: widths, profiles, memory. Only asked if all products are legal. */
function misfit(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Returns whether the chip can do all of it. */
export async function lint(name: string, options: LintOptions): Promise<'legal' | 'refused'> {
  const { chip } = loadChip(options.chip);
  const { title, network } = await findSubject(name, options);
  const { verdicts, legality } = inspectProducts(network, chip);
  const refused = verdicts.filter(({ refusal }) => refusal !== undefined).length;
  const problem = refused > 0 ? undefined : misfit(() => compile(network, chip));
  const outcome = refused > 0 || problem !== undefined ? 'refused' : 'legal';
  if (
    writeJson(options.json, { network: network.name, chip: chip.name, products: verdicts, problem, legality })
  )
    return outcome;
  const places = [...new Set(verdicts.map(({ rule, projection }) => `rule "${rule}" on "${projection}"`))];
  process.stdout.write(
    `${title} on ${chip.title}: ${verdicts.length} product${verdicts.length === 1 ? '' : 's'}, ${refused} refused\n`,
  );
  for (const place of places) {
    const own = verdicts.filter(({ rule, projection }) => `rule "${rule}" on "${projection}"` === place);
    process.stdout.write(`\n${place}\n${own.map(sayVerdict).join('\n')}\n`);
  }
  if (problem !== undefined) process.stdout.write(`\nrefused: ${problem}\n`);
  if (legality.assumptions.length > 0)
    process.stdout.write(`\nassumptions:\n${legality.assumptions.map((text) => `  ${text}`).join('\n')}\n`);
  return outcome;
}
