// Debian's Chromium, with every address it asks for written down.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function launch(more = []) {
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error('install chromium (apt-get install chromium) or set CHROMIUM to its path');
  // Only this machine is ever asked: the provider's own page names a font elsewhere, and waits for it where there is no line.
  const alone = ['--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'];
  const args = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', ...alone, ...more];
  return chromium.launch({ executablePath, args });
}

// Opens a file and returns the page with what it asked for, complained about and refused.
export async function open(browser, path, options = {}) {
  const context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1280, height: 800 }, ...options });
  const seen = { requests: [], errors: [] };
  // data: is inside the file; blob: is the renamed copy on its way to the downloads.
  context.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && request.url() !== `file://${path}`) seen.requests.push(request.url());
  });
  const page = await context.newPage();
  page.on('console', (message) => { if (message.type() === 'error') seen.errors.push(message.text()); });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  await page.goto(`file://${path}`);
  await page.evaluate(() => document.fonts.ready).catch(() => {});
  return { context, page, seen };
}
