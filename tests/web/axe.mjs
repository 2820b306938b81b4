// axe-core's rules for WCAG 2.0, 2.1 and 2.2, A and AA.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

// Nothing on the page breaks a rule, and nothing is left for a person to judge.
export async function holdsWcag(page, name) {
  await page.evaluate(source);
  const found = await page.evaluate(async (values) => {
    const { violations, incomplete, passes } = await window.axe.run(document, {
      runOnly: { type: 'tag', values }, rules: { 'target-size': { enabled: true } },
    });
    const told = (rules) => rules.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) => `${id}: ${html} ${[...any, ...all, ...none].map(({ message }) => message).join('; ')}`));
    return { broken: [...told(violations), ...told(incomplete)], held: passes.length };
  }, levels);
  assert.deepEqual(found.broken, [], name);
  assert.ok(found.held > 5, `${name}: axe-core looked at little: ${found.held} rules`);
}

// A window of its own, without the page's policy, in which copies of pages are judged: axe-core is no part of what a
// person is sent, and must not hide a violation of the policy either.
export async function judge(browser, options) {
  const context = await browser.newContext({ bypassCSP: true, ...options });
  const window = await context.newPage();
  return {
    async judges(page, name) {
      const [address, body] = [page.url(), await page.content()];
      await window.unrouteAll();
      await window.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
      await window.goto(address);
      await holdsWcag(window, name);
    },
    close: () => context.close(),
  };
}
