// Everything that a page says when something went wrong, on a page of its kind from the real server, in a real browser:
// tests/it/sign_in/alerts.rs reads the words from the sources of the pages.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launch } from './chromium.mjs';
import { looker } from './look.mjs';
import { person, press } from './person.mjs';
import { startServer } from './server.mjs';

const said = JSON.parse(process.env.KINFOLIO_ALERTS ?? '[]');
const browser = await launch();
const server = await startServer();
const { base } = server;
const { visitor } = person(browser, server);
const { look } = await looker(browser);

after(async () => {
  await browser.close();
  await server.stop();
});

// A page with an alert of one of the two kinds, as the server draws and frames it.
async function drawn(page, own) {
  await page.goto(`${base}${own ? '/nothing' : '/login'}`);
  if (!own) {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByLabel('E-mail address').fill('a-rather-long-name-for-a-parent@example.org');
    await page.getByLabel('Password').fill('a wrong password');
    await press(page, 'Sign in');
    await answered;
  }
  await page.getByRole('alert').waitFor();
}

for (const colorScheme of ['light', 'dark']) {
  test(`every word about what went wrong fits 320 pixels and twice the text, ${colorScheme}, and breaks no rule`, async () => {
    assert.ok(said.length > 30, `KINFOLIO_ALERTS names ${said.length}: cargo test sets it`);
    // Scripts of ours write the words and measure; the pages have none.
    const { context, page, seen } = await visitor({ colorScheme, javaScriptEnabled: true });
    for (const own of [true, false]) {
      await drawn(page, own);
      for (const [number, { head, text }] of said.filter((one) => one.own === own).entries()) {
        await page.evaluate(({ head, text }) => {
          const alert = document.querySelector('[role=alert]');
          const title = alert.querySelector('strong') ?? document.querySelector('h1');
          title.textContent = head;
          (alert.querySelector('p') ?? alert).textContent = text;
        }, { head, text });
        const box = await page.getByRole('alert').boundingBox();
        assert.ok(box.height > 20 && box.y < 740, `${head} is seen without scrolling`);
        await look(page, `${own ? 'fault' : 'alert'}-${number}-${colorScheme}`);
      }
    }
    assert.deepEqual(seen.refused, []);
    await context.close();
  });
}
