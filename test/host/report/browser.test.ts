// The page in a real browser: nothing to complain about, nothing loaded, and the key figures where a reader sees them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatPercent, formatSi } from '../../../host/report/format.ts';
import { renderHtml } from '../../../host/report/html.ts';
import { Browser, findChromium } from '../../support/browser.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { fixtureReport } from './fixture.ts';

const program = findChromium();
if (program === undefined) {
  process.stderr.write(
    'SKIPPED: the report page was not opened in a browser. None was found; set CHROMIUM_PATH to one.\n',
  );
}

/** Texts that are drawn, as the reader sees them: with a size, inside the width of the page. */
const VISIBLE_TEXTS = `[...document.querySelectorAll('.tile .value, .facts dd, svg text')]
  .filter((element) => {
    const { width, height, left, right } = element.getBoundingClientRect();
    return width > 0 && height > 0 && left >= 0 && right <= innerWidth && element.checkVisibility();
  })
  .map((element) => element.textContent)`;

/** Pairs of texts of one picture that cover each other. */
const OVERLAPS = `[...document.querySelectorAll('svg')].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).flatMap(([b, q]) =>
    p.width * q.width > 0 && p.left < q.right && q.left < p.right && p.top + 3 < q.bottom && q.top + 3 < p.bottom
      ? [a + ' / ' + b] : []));
})`;

describe.skipIf(program === undefined)('page of a run in a browser', () => {
  it('opens without a complaint or a request, and shows its key figures', async () => {
    const report = fixtureReport();
    const file = join(temporaryFolder(), 'report.html');
    writeFileSync(file, await renderHtml(report));
    const url = pathToFileURL(file).href;
    const browser = new Browser(program!);
    onTestFinished(() => browser.close());
    const page = await browser.open(url, 1200, 900);

    const complaints = ['Runtime.exceptionThrown', 'Runtime.consoleAPICalled', 'Log.entryAdded'];
    expect(complaints.flatMap((method) => page.events(method))).toEqual([]);
    const requests = page.events('Network.requestWillBeSent').map(({ params }) => {
      return (params.request as { readonly url: string }).url;
    });
    expect(requests.filter((request) => !request.startsWith('data:'))).toEqual([url]);

    const shown = (await page.evaluate(VISIBLE_TEXTS)) as string[];
    for (const figure of [
      formatPercent(report.accuracy.test, 2),
      formatSi(report.energy.perTrainingSampleJ.value, 'J'),
      formatSi(report.time.perTrainingSampleS, 's'),
      formatSi(report.energy.staticJ! / report.samples.presented, 'J'),
    ])
      expect(shown).toContain(figure);
    for (const layer of Object.keys(report.layers.spikesPerTestSample)) expect(shown).toContain(layer);
    expect(await page.evaluate(OVERLAPS)).toEqual([]);
    expect(await page.evaluate('[...document.images].every((image) => image.naturalWidth > 0)')).toBe(true);
  });

  it('fits a phone, a sheet of paper and the dark', async () => {
    const file = join(temporaryFolder(), 'report.html');
    writeFileSync(file, await renderHtml(fixtureReport()));
    const browser = new Browser(program!);
    onTestFinished(() => browser.close());
    const page = await browser.open(pathToFileURL(file).href, 390, 800);
    const tooWide = 'document.documentElement.scrollWidth > innerWidth';
    expect(await page.evaluate(tooWide)).toBe(false);

    // A4 with the margins of the style sheet, at 96 pixels an inch.
    await page.send('Emulation.setDeviceMetricsOverride', {
      width: 690,
      height: 1020,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await page.send('Emulation.setEmulatedMedia', { media: 'print' });
    expect(await page.evaluate(tooWide)).toBe(false);

    const features = [{ name: 'prefers-color-scheme', value: 'dark' }];
    await page.send('Emulation.setEmulatedMedia', { media: 'screen', features });
    const color = (of: string) => page.evaluate(`getComputedStyle(document.querySelector('${of}')).color`);
    const [, red] = /rgb\((\d+)/.exec((await color('.tile .value')) as string)!;
    expect(Number(red)).toBeGreaterThan(200);
  });
});
