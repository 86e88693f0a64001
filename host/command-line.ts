// The command line: parses, calls a command, and turns errors into one clear message and an exit code: 0 done,
// 1 a check failed, 2 the user's input is wrong, 70 our fault. Commands are loaded when they are used.

import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { UserError } from './errors.ts';
import { versions } from './versions.ts';

const EXIT_CHECK = 1;
const EXIT_USER = 2;
const EXIT_FAULT = 70;
/** 128 + SIGINT: stopped by the user, resumable. */
const EXIT_INTERRUPTED = 130;

function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is needed.');
  return Number(text);
}

function threads(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const count = integer(text);
  if (count === 0) throw new InvalidArgumentError('at least one thread is needed.');
  return count;
}

function collect(text: string, texts: readonly string[]): string[] {
  return [...texts, text];
}

function program(): Command {
  const root = new Command('seamount')
    .description('Emulates neuromorphic chips that learn on chip, and tells what learning costs.')
    .version(versions().seamount ?? '')
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();

  root
    .command('train')
    .description('trains a recipe on the chip, evaluates it, and writes a run folder')
    .argument('[recipe]', 'learning system, e.g. biograd; not needed with --resume')
    .option(
      '--data <name|dir>',
      'data set: digits (embedded, synthetic), a folder of IDX files such as mnist, or a function such as sin ' +
        '(default: digits; sin for a recipe that learns functions)',
    )
    .option('--chip <name|file>', 'chip configuration', 'loihi1')
    .option('--samples <n>', 'training samples (default: all)', integer)
    .option('--epochs <n>', 'times each is presented (default: the recipe says)', integer)
    .option('--test <n>', 'test samples (default: all)', integer)
    .option('--seed <n>', 'seed of everything random', integer, 1)
    .option('--timing <mode>', 'functional, analytic or cycle', 'analytic')
    .option('--precision <name>', 'chip, or float: a full-precision twin, for comparison only', 'chip')
    .option('--set <key=value>', 'a setting of the recipe; may be repeated', collect, [])
    .option(
      '--threads <n|auto>',
      'threads for the chip that trains; evaluations have others, and bits are the same',
      threads,
      1,
    )
    .option('--out <dir>', 'run folder (default: runs/<recipe>-<time>)')
    .option('--resume <dir>', 'go on with an interrupted run')
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .action(async (recipe: string | undefined, options) => {
      const { train } = await import('./commands/train.ts');
      process.exitCode = (await train(recipe, options)) === 'interrupted' ? EXIT_INTERRUPTED : 0;
    });

  root
    .command('run')
    .description('runs a network for a number of steps; prints spikes, time and energy')
    .argument('<network>', 'network: .yaml, lava-dl .net, or SLAYER folder')
    .option('--chip <name|file>', 'chip configuration', 'loihi1')
    .option(
      '--input <file>',
      'spikes of the ports: .npy, .csv (step,port,element), .bs1, .bs2, .bs3, .bin, .aedat, .aedat4',
    )
    .option('--steps <n>', 'time steps (default: those of the input, or of the network)', integer)
    .option('--timing <mode>', 'functional, analytic or cycle (default: analytic)')
    .option(
      '--threads <n|auto>',
      'threads that the cores are divided between; auto: more than one where it is faster; bits are the same',
      threads,
      'auto',
    )
    .option('--trace <file>', 'time of every unit and link for Perfetto or chrome://tracing; mode cycle')
    .option('--vcd <file>', 'the same as a waveform for GTKWave; mode cycle')
    .option(
      '--probe <population.variable>',
      'records spikes, u, v, y1, y2 or y3 into --out; may be repeated',
      collect,
      [],
    )
    .option('--out <dir>', 'folder for run.json and probes.npz')
    .option('--json <file>', 'write the result as JSON; - is standard output')
    .action(async (network: string, options) => {
      const { run } = await import('./commands/run.ts');
      await run(network, options);
    });

  root
    .command('compile')
    .description('maps a network to a chip; prints used and maximum of every resource')
    .argument('<network>', 'network (.yaml, .net, SLAYER folder) or recipe')
    .option('--data <name|dir>', 'data set whose shape a recipe is built for (default: digits, or sin)')
    .option('--chip <name|file>', 'chip configuration', 'loihi1')
    .option('--set <key=value>', 'a setting of the recipe; may be repeated', collect, [])
    .option('--cores', 'print what every single core uses')
    .option('--json <file>', 'write the mapping as JSON, core by core; - is standard output')
    .action(async (network: string, options) => {
      const { compileSubject } = await import('./commands/compile.ts');
      await compileSubject(network, options);
    });

  root
    .command('lint')
    .description(
      'tells, product by product, what of its learning rules the chip cannot do, and what to do instead',
    )
    .argument('<network>', 'network (.yaml, .net, SLAYER folder) or recipe')
    .option('--data <name|dir>', 'data set whose shape a recipe is built for (default: digits, or sin)')
    .option('--chip <name|file>', 'chip configuration', 'loihi1')
    .option('--set <key=value>', 'a setting of the recipe; may be repeated', collect, [])
    .option('--json <file>', 'write the verdicts as JSON; - is standard output')
    .action(async (network: string, options) => {
      const { lint } = await import('./commands/lint.ts');
      if ((await lint(network, options)) === 'refused') process.exitCode = EXIT_CHECK;
    });

  root
    .command('conformance')
    .description('replays golden vectors on the core; says where each failing one differs first')
    .argument('<path...>', 'vectors, or folders of them')
    .option('--json <file>', 'write the outcomes as JSON; - is standard output')
    .action(async (paths: string[], options) => {
      const { conformance } = await import('./commands/conformance.ts');
      process.exitCode = conformance(paths, options) ? 0 : EXIT_CHECK;
    });

  const chip = root.command('chip').description('chip configurations');
  chip
    .command('list')
    .description('the shipped chips')
    .option('--json <file>', 'write as JSON; - is standard output')
    .action(async (options) => {
      const { chipList } = await import('./commands/chip.ts');
      chipList(options);
    });
  chip
    .command('show')
    .description('every number of a chip with unit and source')
    .argument('<name|file>')
    .option('--json <file>', 'write as JSON; - is standard output')
    .action(async (name: string, options) => {
      const { chipShow } = await import('./commands/chip.ts');
      chipShow(name, options);
    });
  chip
    .command('check')
    .description('checks a chip file')
    .argument('<file>')
    .action(async (file: string) => {
      const { chipCheck } = await import('./commands/chip.ts');
      chipCheck(file);
    });
  chip
    .command('import')
    .description("writes a chip file from another program's: SANA-FE's architecture YAML")
    .argument('<file>')
    .option('--out <file>', "the chip file; - is standard output (default: the architecture's name)")
    .option('--json <file>', 'what was written and what was left out, as JSON; - is standard output')
    .action(async (file: string, options) => {
      const { chipImport } = await import('./commands/chip.ts');
      chipImport(file, options);
    });

  const data = root.command('data').description('data sets');
  data
    .command('list')
    .description('the embedded data set and the folders that were found')
    .option('--json <file>', 'write as JSON; - is standard output')
    .action(async (options) => {
      const { dataList } = await import('./commands/data.ts');
      dataList(options);
    });
  data
    .command('info')
    .description('size and classes of a data set')
    .argument('<name|dir>')
    .option('--json <file>', 'write as JSON; - is standard output')
    .action(async (name: string, options) => {
      const { dataInfo } = await import('./commands/data.ts');
      dataInfo(name, options);
    });

  root
    .command('report')
    .description('renders run folders as HTML; several are compared')
    .argument('<run...>', 'run folders')
    .option('--out <file>', 'HTML file (default: report.html or comparison.html in the working directory)')
    .option('--json <file>', 'write the reports as JSON; - is standard output')
    .action(async (runs: string[], options) => {
      const { report } = await import('./commands/report.ts');
      await report(runs, options);
    });

  root
    .command('explore')
    .description(
      'runs a sweep or a genetic search over settings of a recipe, on many chips at once; resumable',
    )
    .argument('<sweep>', 'sweep file (.yaml)')
    .option('--engine <name>', 'where trials run: local', 'local')
    .option('--threads <n>', 'trials at once (default: as many as processors)', integer)
    .option('--out <dir>', 'sweep folder; trials that it holds are not run again (default: runs/<sweep>)')
    .option('--json <file>', 'write all points as JSON; - is standard output')
    .action(async (sweep: string, options) => {
      const { explore } = await import('./commands/explore.ts');
      process.exitCode = (await explore(sweep, options)) === 'interrupted' ? EXIT_INTERRUPTED : 0;
    });

  root
    .command('bench')
    .description('measures speed, side by side with C and with other ways of doing the same')
    .argument('[benchmark...]', 'which ones (default: all; --list names them)')
    .option('--list', 'say which there are')
    .option('--check', 'exit with 1 if a bar is not met')
    .option('--json <file>', 'write the rows as JSON; - is standard output (default: runs/bench.json)')
    .action(async (names: string[], options) => {
      const { bench } = await import('./commands/bench.ts');
      process.exitCode = await bench(names, options);
    });
  return root;
}

/** A reader that has seen enough (`seamount … | head`) is no fault. */
function endQuietlyOnClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}

/** @param args as Node has them: two for the program, then its own */
export async function commandLine(args: readonly string[]): Promise<void> {
  endQuietlyOnClosedPipe(process.stdout);
  try {
    await program().parseAsync(args);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what is wrong; help and version are not errors.
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USER;
    } else if (error instanceof UserError) {
      process.stderr.write(`seamount: ${error.toString()}\n`);
      process.exitCode = EXIT_USER;
    } else {
      const stack = error instanceof Error ? error.stack : String(error);
      process.stderr.write(
        `seamount: a fault of the program, not of your input. Please report it with this text:\n${stack}\n`,
      );
      process.exitCode = EXIT_FAULT;
    }
  }
}
