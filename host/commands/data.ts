// `seamount data`: which data sets there are, and what is in one.

import { listDatasets, loadDataset } from '../data/load.ts';
import { table, writeJson } from './output.ts';

export interface DataOptions {
  readonly json?: string;
}

export function dataList(options: DataOptions): void {
  const datasets = listDatasets();
  if (writeJson(options.json, datasets)) return;
  const rows = datasets.map(({ name, title, format }) => [
    name,
    title,
    format === 'generated' ? 'embedded, synthetic' : format,
  ]);
  process.stdout.write(table([['name', 'title', 'format'], ...rows]));
}

export function dataInfo(name: string, options: DataOptions): void {
  const { train, test, title, synthetic, classes, sources } = loadDataset(name);
  const info = {
    name,
    title,
    synthetic,
    height: train.height,
    width: train.width,
    train: train.count,
    test: test.count,
    classes,
    sources,
  };
  if (writeJson(options.json, info)) return;
  const rows = [
    ['title', `${title}${synthetic ? ' (synthetic)' : ''}`],
    ['images', `${train.height} x ${train.width}, grey`],
    ['training samples', String(train.count)],
    ['test samples', String(test.count)],
    ['classes', classes.join(', ')],
    ...sources.map((source) => [source.name, source.sha256]),
  ];
  process.stdout.write(table(rows));
}
