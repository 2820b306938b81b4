// Pictures of a portfolio on a phone, on a laptop and on paper: node pictures.mjs FILE DIR
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launch, open } from './chromium.mjs';

const [file, dir] = process.argv.slice(2).map((path) => resolve(path));
mkdirSync(dir, { recursive: true });
const browser = await launch();
const shoot = async (name, options, act = async () => {}, shot = {}) => {
  const { context, page } = await open(browser, file, options);
  await act(page);
  await page.screenshot({ path: join(dir, `${name}.png`), ...shot });
  await context.close();
};
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
const laptop = { viewport: { width: 1280, height: 800 } };
const unfold = (page) => page.evaluate(() => { document.getElementById('names').open = true; });
const scrollTo = (id) => (page) => page.evaluate((id) => document.getElementById(id).scrollIntoView(), id);
await shoot('phone', phone);
await shoot('phone-bar', phone, async (page) => { await unfold(page); await page.fill('#name-1', 'Robin'); });
await shoot('phone-no-script', { ...phone, javaScriptEnabled: false }, (page) => page.locator('summary').click());
await shoot('phone-entry', { ...phone, viewport: { width: 390, height: 1900 } }, scrollTo('e5'));
await shoot('laptop', laptop);
await shoot('laptop-entry', { viewport: { width: 1280, height: 1100 } }, scrollTo('e5'));
await shoot('laptop-dark', { ...laptop, colorScheme: 'dark' }, scrollTo('e3'));
const { context, page } = await open(browser, file);
await page.pdf({ path: join(dir, 'printed.pdf'), format: 'A4', printBackground: true });
await context.close();
await browser.close();
execFileSync('pdftoppm', ['-r', '60', '-png', join(dir, 'printed.pdf'), join(dir, 'printed')]);
// One picture of both, for the README.
{
  const browser = await launch();
  const picture = (name) => `data:image/png;base64,${readFileSync(join(dir, `${name}.png`)).toString('base64')}`;
  const page = await browser.newPage({ viewport: { width: 1400, height: 760 } });
  await page.setContent(`<style>body{margin:0;background:#8a857c;display:flex;gap:32px;align-items:center;justify-content:center;height:760px}
    img{display:block;border-radius:8px;box-shadow:0 4px 24px #0006}</style>
    <img src="${picture('laptop')}" width="1000"><img src="${picture('phone')}" width="300">`);
  await page.screenshot({ path: join(dir, 'together.png') });
  await browser.close();
}
