// Promises of the exported portfolio, kept in a real browser. The files come from tests/it/portfolio.rs.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { holdsWcag } from './axe.mjs';
import { launch, open } from './chromium.mjs';

const dir = resolve(process.env.KINFOLIO_PORTFOLIOS ?? '../../target/web');
const sample = join(dir, 'portfolio.html');
const downloads = mkdtempSync(join(tmpdir(), 'kinfolio-web-'));
const hostile = [
  "O'Neill", 'Anne-Marie', 'Zo\u00eb', 'Zoe\u0308', 'נועה בן־דוד', 'N'.repeat(80), 'Ana María '.repeat(8).trim(),
  '<script>alert(1)</script>', ']]>', '&amp; & <b>', '🦔', '"};body{display:none}', '{{1}} $& \\u003c', 'Art', 'Will', 'Rose',
];
let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser.close();
  rmSync(downloads, { recursive: true, force: true });
});

const openBar = (page) => page.evaluate(() => { document.getElementById('names').open = true; });
const learners = (page) => page.$$eval('[data-learner="1"]', (all) => [...new Set(all.map((one) => one.textContent))]);
const text = (page) => page.evaluate(() => document.body.innerText);

async function saveCopy(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  const path = join(downloads, name);
  await download.saveAs(path);
  assert.match(download.suggestedFilename(), /^portfolio-\d{4}\.html$/, 'no name in the file name');
  return path;
}

// The file without fonts, style, script and photos: what a person wrote, and the markup around it.
const words = (path) => readFileSync(path, 'utf8')
  .replace(/<style>[^]*?<\/style>/, '').replace(/<script>[^]*?<\/script>/, '<script></script>')
  .replace(/data:image\/[a-z]+;base64,[A-Za-z0-9+/=]+/g, 'photo');
const lacks = (path, found, message) => {
  const hit = words(path).match(found);
  assert.equal(hit && hit[0], null, message ?? path);
};

test('the file asks nobody for anything, with scripts on and off', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const { context, page, seen } = await open(browser, sample, { javaScriptEnabled });
    await page.mouse.wheel(0, 20000);
    await page.waitForTimeout(200);
    assert.deepEqual(seen, { requests: [], errors: [] });
    await context.close();
  }
});

test('renaming asks nobody and stores nothing', async () => {
  const { context, page, seen } = await open(browser, sample);
  await openBar(page);
  await page.fill('#name-1', 'Zoë O\'Neill');
  await saveCopy(page, 'quiet.html');
  assert.deepEqual(seen, { requests: [], errors: [] });
  const state = await context.storageState();
  assert.deepEqual(state, { cookies: [], origins: [] });
  const kept = await page.evaluate(() => {
    const count = (name) => { try { return window[name].length; } catch { return 0; } };
    return [document.cookie, count('localStorage'), count('sessionStorage')];
  });
  assert.deepEqual(kept, ['', 0, 0]);
  await page.reload();
  assert.equal(await page.inputValue('#name-1'), '', 'nothing typed is kept');
  await context.close();
});

test('the policy stops every way out: a server beside it hears nothing', async () => {
  const heard = [];
  const server = createServer((request, answer) => { heard.push(request.url); answer.end(); });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { context, page } = await open(browser, sample);
  const outcome = await page.evaluate(async (server) => {
    const blocked = [];
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    const add = (tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields));
    await fetch(`${server}/fetch`).catch(() => {});
    try { navigator.sendBeacon(`${server}/beacon`, 'x'); } catch { /* refused at once */ }
    try { new WebSocket(server.replace('http', 'ws')); } catch { /* refused at once */ }
    add('img', { src: `${server}/image` });
    add('script', { src: `${server}/script` });
    add('script', { textContent: 'window.reached = true' });
    add('iframe', { src: `${server}/frame` });
    add('link', { rel: 'stylesheet', href: `${server}/style` });
    add('object', { data: `${server}/object` });
    const form = Object.assign(document.createElement('form'), { action: `${server}/form`, target: 'out' });
    document.body.append(form);
    form.submit();
    await new Promise((done) => setTimeout(done, 500));
    return { blocked: [...new Set(blocked)].sort(), reached: window.reached === true };
  }, `http://127.0.0.1:${server.address().port}`);
  await context.close();
  server.close();
  assert.equal(outcome.reached, false, 'no other script runs');
  for (const directive of ['connect-src', 'img-src', 'script-src-elem', 'frame-src', 'style-src-elem', 'object-src', 'form-action']) {
    assert.ok(outcome.blocked.includes(directive), `${directive} in ${outcome.blocked}`);
  }
  assert.deepEqual(heard, []);
});

test('scripts off: everything reads, with the nickname and a way to the fields', async () => {
  const { context, page } = await open(browser, sample, { javaScriptEnabled: false });
  const seen = await text(page).catch(() => null) ?? await page.locator('body').innerText();
  assert.match(seen, /Hedgehog/);
  assert.match(seen, /A record of learning/);
  assert.equal(await page.locator('#rename').isVisible(), false);
  await page.locator('summary').click();
  assert.equal(await page.locator('#preview').isVisible(), true);
  assert.match(await page.locator('#preview').innerText(), /choose Share, then Safari, Chrome or Firefox/);
  await context.close();
});

test('a name is changed everywhere: text, title, headings, contents, alt texts, printed footer', async () => {
  const { context, page } = await open(browser, sample);
  await openBar(page);
  assert.ok((await learners(page)).every((name) => name === 'Hedgehog'));
  await page.fill('#name-1', 'Robin');
  assert.deepEqual(await learners(page), ['Robin']);
  const places = await page.evaluate(() => ({
    title: document.title,
    h1: document.querySelector('h1').textContent,
    nav: document.querySelector('nav').textContent,
    alts: Array.from(document.images).map((image) => image.alt).join('\n'),
    foot: document.documentElement.style.getPropertyValue('--foot'),
  }));
  for (const [place, words] of Object.entries(places)) {
    assert.match(words, /Robin/, place);
    assert.doesNotMatch(words, /Hedgehog/, place);
  }
  await context.close();
});

test('a renamed copy opens, is renamed again, back, and keeps every other byte of meaning', async () => {
  const original = readFileSync(sample, 'utf8');
  const first = await open(browser, sample);
  await openBar(first.page);
  await first.page.fill('#name-1', 'Robin');
  await first.page.fill('#name-2', 'Wren');
  const one = await saveCopy(first.page, 'robin.html');
  await first.context.close();

  lacks(one, /Hedgehog|Otter/, 'no nickname is left in the copy');
  const second = await open(browser, one);
  assert.deepEqual(second.seen, { requests: [], errors: [] });
  await openBar(second.page);
  assert.match(await second.page.locator('label[for=name-1]').innerText(), /Name for Robin/);
  assert.equal(await second.page.inputValue('#name-1'), '');
  await second.page.fill('#name-1', 'Zoë O\'Neill');
  assert.deepEqual(await learners(second.page), ['Zoë O\'Neill']);
  await second.page.fill('#name-1', '');
  assert.deepEqual(await learners(second.page), ['Robin'], 'an empty field gives the name back');
  await second.page.fill('#name-1', 'Hedgehog');
  await second.page.fill('#name-2', 'Otter');
  const two = await saveCopy(second.page, 'back.html');
  await second.context.close();

  const third = await open(browser, two);
  const again = await open(browser, sample);
  assert.equal(await text(third.page), await text(again.page), 'renamed and renamed back reads as the original');
  await third.context.close();
  await again.context.close();
  const images = (file) => file.match(/data:image\/[a-z]+;base64,[A-Za-z0-9+/=]+/g);
  assert.ok(images(readFileSync(two, 'utf8')).join() === images(original).join(), 'photos are the same bytes');
});

test('a fixed copy has no script, no field and no way to rename', async () => {
  const { context, page } = await open(browser, sample);
  await openBar(page);
  await page.fill('#name-1', 'Robin');
  await page.check('#fix');
  const path = await saveCopy(page, 'fixed.html');
  await context.close();
  for (const file of [path, join(dir, 'fixed.html')]) {
    lacks(file, /<script|data-learner|data-parts|data-foot|<input|Hedgehog/);
    assert.match(words(file), /script-src 'none'/);
    const fixed = await open(browser, file);
    assert.deepEqual(fixed.seen, { requests: [], errors: [] });
    assert.match(await text(fixed.page), /A record of learning/);
    await fixed.context.close();
  }
});

test('any name is text and only text', async () => {
  const { context, page, seen } = await open(browser, sample);
  page.on('dialog', () => assert.fail('a name ran as script'));
  await openBar(page);
  for (const name of hostile) {
    await page.fill('#name-1', name);
    const wanted = name.normalize('NFC');
    assert.deepEqual(await learners(page), [wanted]);
    assert.ok((await page.title()).startsWith(wanted.replace(/\s+/g, ' ')), name);
    const path = await saveCopy(page, 'hostile.html');
    const copy = await open(browser, path);
    assert.deepEqual(await learners(copy.page), [wanted], name);
    assert.deepEqual(copy.seen, { requests: [], errors: [] }, name);
    assert.equal(await copy.page.locator('script').count(), 1);
    await copy.context.close();
  }
  assert.deepEqual(seen, { requests: [], errors: [] });
  await context.close();
});

test('a file exported with any real name opens clean and holds no nickname', async () => {
  for (let number = 0; number < hostile.length; number += 1) {
    const path = join(dir, `named-${number}.html`);
    const { context, page, seen } = await open(browser, path);
    const name = readFileSync(join(dir, `named-${number}.txt`), 'utf8');
    assert.deepEqual(seen, { requests: [], errors: [] }, name);
    assert.deepEqual(await learners(page), [name], name);
    assert.equal(await page.locator('script').count(), 1, name);
    lacks(path, /Hedgehog/, name);
    await context.close();
  }
});

test('no second learner\'s line is in the file, and it asks nobody', async () => {
  const { context, seen } = await open(browser, join(dir, 'from-store.html'));
  assert.deepEqual(seen, { requests: [], errors: [] });
  await context.close();
  lacks(join(dir, 'from-store.html'), /sibling-line-canary|draft-canary|trash-canary/);
  assert.match(words(join(dir, 'from-store.html')), /It leaks on purpose/);
});

// How wide the page with its bar open is, and how large its smallest and its running text are.
const measure = (page) => page.evaluate(() => {
  const size = (css) => parseFloat(getComputedStyle(document.querySelector(css)).fontSize);
  return { wide: document.documentElement.scrollWidth, text: size('.text p'), label: size('.bar .small'), field: size('.bar input') };
});

test('at 320 px, and at 200 % text, nothing scrolls sideways', async () => {
  // The size that somebody chose in the settings of the browser, before the file is opened.
  const larger = await launch(['--blink-settings=defaultFontSize=32']);
  try {
    for (const file of [sample, join(dir, 'named-5.html')]) {
      for (const width of [320, 390, 599, 600, 899, 900]) {
        const seen = [];
        for (const one of [browser, larger]) {
          const { context, page } = await open(one, file, { viewport: { width, height: 700 } });
          await openBar(page);
          seen.push(await measure(page));
          await context.close();
        }
        const [normal, twice] = seen;
        for (const { wide } of seen) assert.ok(wide <= width, `${wide} in ${width} for ${file}`);
        for (const part of ['text', 'label', 'field']) assert.equal(twice[part], 2 * normal[part], `${part} in ${width}`);
      }
    }
  } finally {
    await larger.close();
  }
});

test('printed, no page is blank and the cover stands alone', async () => {
  for (const format of ['A4', 'Letter']) {
    const { context, page } = await open(browser, sample);
    const path = join(downloads, `${format}.pdf`);
    await page.pdf({ path, format, preferCSSPageSize: false, printBackground: true });
    const { execFileSync } = await import('node:child_process');
    const printed = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1);
    const images = execFileSync('pdfimages', ['-list', path], { encoding: 'utf8' }).split('\n').slice(2).map((line) => Number(line.trim().split(/\s+/)[0]));
    assert.ok(printed.length >= 4, `${printed.length} pages`);
    printed.forEach((words, index) => {
      const body = words.replace(/Page \d+ of \d+/, '').trim();
      assert.ok(body.length > 60 || images.includes(index + 1), `page ${index + 1} of ${format} is blank`);
      if (index === 0) assert.doesNotMatch(words, /Page 1/);
      else assert.match(words, new RegExp(`Page ${index + 1} of ${printed.length}`));
    });
    assert.doesNotMatch(printed[0], /Contents/);
    assert.match(printed[1], /Contents/);
    assert.doesNotMatch(printed.join(''), /Names in this file|Save renamed copy/);
    await context.close();
  }
});

test('a screen reader finds language, one main heading, headings in order, labels and descriptions', async () => {
  const { context, page } = await open(browser, sample);
  await openBar(page);
  const found = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    h1: document.querySelectorAll('h1').length,
    levels: Array.from(document.querySelectorAll('h1,h2,h3')).map((heading) => Number(heading.localName[1])),
    bareImages: Array.from(document.images).filter((image) => !image.alt.trim()).length,
    bareFields: Array.from(document.querySelectorAll('input')).filter((field) => field.labels.length !== 1).length,
    named: Array.from(document.querySelectorAll('input')).filter((field) => field.hasAttribute('name') || field.autocomplete !== 'off').length,
    broken: Array.from(document.querySelectorAll('a[href^="#"]')).filter((link) => !document.querySelector(link.getAttribute('href'))).length,
    small: Array.from(document.querySelectorAll('a, button, input, summary')).filter((target) => {
      const box = target.getBoundingClientRect();
      return box.width > 0 && (box.height < 22 || box.width < 22);
    }).length,
  }));
  assert.equal(found.lang, 'en-GB');
  assert.equal(found.h1, 1);
  found.levels.reduce((last, level) => { assert.ok(level <= last + 1, `h${last} then h${level}`); return level; }, 0);
  assert.deepEqual([found.bareImages, found.bareFields, found.named, found.broken, found.small], [0, 0, 0, 0, 0]);
  await context.close();
});

test('text and controls have contrast in light and dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page } = await open(browser, sample, { colorScheme });
    const worst = await page.evaluate(() => {
      const light = (css) => {
        const [r, g, b] = css.match(/[\d.]+/g).map(Number).map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = (node) => {
        for (let at = node; at; at = at.parentElement) {
          const colour = getComputedStyle(at).backgroundColor;
          if (!/, 0\)$/.test(colour)) return colour;
        }
        return 'rgb(255,255,255)';
      };
      let least = [99, ''];
      for (const node of document.querySelectorAll('h1,h2,h3,p,dt,dd,figcaption,a,time,td,th,summary,label,button,footer')) {
        if (!node.getClientRects().length) continue;
        const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < least[0]) least = [ratio, node.outerHTML.slice(0, 60)];
      }
      return least;
    });
    assert.ok(worst[0] >= 4.5, `${worst} in ${colorScheme}`);
    await context.close();
  }
});

test('axe-core finds nothing against WCAG 2.2 AA, on a phone and a laptop, light and dark', async () => {
  for (const file of ['portfolio', 'fixed', 'from-store']) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [360, 1280]) {
        const { context, page } = await open(browser, join(dir, `${file}.html`), { bypassCSP: true, colorScheme, viewport: { width, height: 800 } });
        const name = `${file}, ${colorScheme}, ${width}`;
        await holdsWcag(page, name);
        if (await page.locator('#names').count()) {
          await page.evaluate(() => { const bar = document.getElementById('names'); bar.open = !bar.open; });
          await holdsWcag(page, `${name}, bar turned`);
        }
        await context.close();
      }
    }
  }
});
