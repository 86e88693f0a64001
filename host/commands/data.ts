// `seamount data`: which data sets there are, and what is in one.

import type { ImageSet } from '../data/dataset.ts';
import { isRecording, readEvents } from '../data/events.ts';
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

/** Planes lie below each other. */
const imageSize = ({ height, width, planes = 1 }: ImageSet): string =>
  planes === 1 ? `${height} x ${width}, grey` : `${height / planes} x ${width}, ${planes} planes`;

/** What is in a recording of an event camera or a cochlea. */
function recordingInfo(file: string, options: DataOptions): void {
  const { count, x, y, polarity, time, origin } = readEvents(file);
  const most = (column: ArrayLike<number>): number => {
    let found = 0;
    for (let i = 0; i < count; i++) if (column[i]! > found) found = column[i]!;
    return found;
  };
  const info = {
    file,
    events: count,
    width: most(x) + 1,
    height: most(y) + 1,
    polarities: most(polarity) + 1,
    originUs: origin,
    durationUs: most(time),
  };
  if (writeJson(options.json, info)) return;
  process.stdout.write(table(Object.entries(info).map(([name, value]) => [name, String(value)])));
}

/** @param name a data set, or the file of a recording */
export function dataInfo(name: string, options: DataOptions): void {
  if (isRecording(name)) {
    recordingInfo(name, options);
    return;
  }
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
    ['images', imageSize(train)],
    ['training samples', String(train.count)],
    ['test samples', String(test.count)],
    ['classes', classes.join(', ')],
    ...sources.map((source) => [source.name, source.sha256]),
  ];
  process.stdout.write(table(rows));
}
