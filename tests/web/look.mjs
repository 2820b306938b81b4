// Looking at a page of sign-in: as a picture with PICTURES=folder, by axe-core, and how wide it is at 320 pixels with once
// and twice the text.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { judge } from './axe.mjs';

export async function looker(browser) {
  const judges = {};
  for (const colorScheme of ['light', 'dark']) judges[colorScheme] = await judge(browser, { colorScheme, viewport: { width: 360, height: 740 } });

  async function look(page, name) {
    // Before a page is whole it has asked for no font yet, and `ready` would mean nothing.
    await page.waitForLoadState('load');
    await page.evaluate(() => document.fonts.ready);
    const picture = async (more) => { if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${name}${more}.png`), fullPage: true }); };
    await picture('');
    const colorScheme = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
    await judges[colorScheme].judges(page, name);
    const { width, height } = page.viewportSize();
    await page.setViewportSize({ width: 320, height });
    for (const size of ['100%', '200%']) {
      const wide = await page.evaluate(async (value) => {
        const sheet = new CSSStyleSheet();
        sheet.insertRule(`html { font-size: ${value} }`);
        document.adoptedStyleSheets = [sheet];
        await document.fonts.ready;
        return document.documentElement.scrollWidth;
      }, size);
      assert.ok(wide <= 320, `${name} at ${size} is ${wide} wide`);
      await picture(`-320-${parseInt(size, 10)}`);
    }
    await page.evaluate(() => { document.adoptedStyleSheets = []; });
    await page.setViewportSize({ width, height });
  }

  return { look, judges };
}
