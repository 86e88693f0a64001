// The choice of settings for recipe `forward-gradient`: trains a problem with every combination of some settings and says the
// error at its validation points, not at its test points. Errors are appended to a file of JSON lines; what is in it is not
// run again.
//
//   npm run build
//   node scripts/forward-gradient-choice.mjs sin choice.jsonl --epochs 10,20 --seeds 101,102 rate=4000,8000 perturb=global,layers

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compile } from '../dist/host/compile/compile.js';
import { findFunctionRecipe } from '../dist/host/recipes/function-registry.js';
import { settingsFromTexts } from '../dist/host/recipes/registry.js';
import { planFunction } from '../dist/host/training/function-plan.js';
import { FunctionTrainer } from '../dist/host/training/function-trainer.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { epochs: { type: 'string' }, seeds: { type: 'string', default: '101,102' } },
});
const [data, file, ...choices] = positionals;
const recipe = findFunctionRecipe('forward-gradient');
const numbers = (text) => text.split(',').map(Number);

/** Every combination of `key=a,b`. */
const points = choices
  .map((choice) => {
    const [key, texts] = choice.split('=');
    return texts.split(',').map((text) => `${key}=${text}`);
  })
  .reduce((all, options) => all.flatMap((some) => options.map((one) => [...some, one])), [[]])
  .map(settingsFromTexts);

const keyOf = ({ data, epochs, seed, settings }) => JSON.stringify([data, epochs, seed, settings]);
const known = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
const found = new Map(known.map((result) => [keyOf(result), result]));

async function errorsOf(request) {
  const planned = planFunction(recipe, {
    ...request,
    recipe: recipe.name,
    chip: 'loihi2',
    timing: 'functional',
  });
  const plan = { ...planned, test: planned.problem.validation };
  const { image } = compile(plan.lesson.network, plan.chip.chip);
  const trainer = new FunctionTrainer(plan, { image }, 'choice');
  const { checkpoint } = await trainer.run({ progress: () => {}, shouldStop: () => false, keep: () => {} });
  return {
    validation: checkpoint.perEpoch.at(-1),
    training: trainer.examine(checkpoint.state, plan.train).error,
  };
}

const percent = (share) => (100 * share).toFixed(2);
for (const epochs of values.epochs === undefined ? [recipe.epochsFor(data)] : numbers(values.epochs)) {
  for (const settings of points) {
    const errors = [];
    for (const seed of numbers(values.seeds)) {
      const request = { data, epochs, seed, settings };
      const key = keyOf(request);
      if (!found.has(key)) {
        found.set(key, { ...request, ...(await errorsOf(request)) });
        appendFileSync(file, `${JSON.stringify(found.get(key))}\n`);
      }
      errors.push(found.get(key));
    }
    const mean = errors.reduce((sum, { validation }) => sum + validation, 0) / errors.length;
    process.stdout.write(
      `${data} ${epochs} epochs ${JSON.stringify(settings)}: ${percent(mean)} %  (${errors
        .map(({ validation, training }) => `${percent(validation)}, training points ${percent(training)}`)
        .join('; ')})\n`,
    );
  }
}
