// The page of the peers: one table a workload, from the driver's report.

const TITLES = {
  ff: '`ff`: 1024 inputs → 1024 → 256, dense',
  rec: '`rec`: 4096 neurons, 64 random targets each',
};

function grouped(number) {
  return Math.round(number).toLocaleString('en-US');
}

function ratio(number) {
  if (number === null) return '';
  return number < 10 ? number.toPrecision(2) : grouped(number);
}

function row({
  title,
  variant,
  version,
  steps_per_second,
  seamount_over_this,
  spikes,
  same_as_reference,
  reason,
  error,
}) {
  const name = `${title}, ${variant}`;
  if (error !== undefined) return `| ${name} | | not measured: ${error.replaceAll('|', '\\|')} | | | |`;
  const equal = same_as_reference ? 'yes' : `no: ${reason}`;
  const speed = grouped(steps_per_second);
  return `| ${name} | ${version} | ${speed} | ${ratio(seamount_over_this)} | ${grouped(spikes)} | ${equal} |`;
}

export function peersPage({ steps, rounds, processor, node, spikes, rows }) {
  const tables = Object.entries(TITLES).flatMap(([workload, title]) => [
    `## ${title}`,
    '',
    `The reference has ${grouped(spikes[workload])} spikes.`,
    '',
    '| simulator | version | steps/s | Seamount is faster by | spikes | equal in every step |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...rows.filter((one) => one.workload === workload).map(row),
    '',
  ]);
  return [
    '# Peers',
    '',
    'Written by `node bench/peers/run.mjs`; what each computes is in [bench/peers](../bench/peers/README.md).',
    '',
    `${grouped(steps)} steps, median of ${rounds} round${rounds === 1 ? '' : 's'} in which every simulator runs once, so that what else the machine does`,
    'meets all of them. Speed is steps per second of CPU time of one thread without set-up; the ratio is the median of the',
    `rounds' ratios. ${processor}, Node ${node}.`,
    '',
    ...tables,
  ].join('\n');
}
