// The real server as a child process on a port of its own, with the mailbox of everybody who signs up there.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.env.KINFOLIO_SERVER ?? new URL('../../target/debug/kinfolio-server', import.meta.url).pathname;

// Starts it with flags and variables of the test's; its operator has written texts.
export async function startServer(more = [], variables = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'kinfolio-pages-'));
  mkdirSync(join(folder, 'server', 'pages'), { recursive: true });
  for (const name of ['privacy', 'terms']) writeFileSync(join(folder, 'server', 'pages', `${name}.txt`), `What the operator says of ${name}.\n\n${'Donaudampfschifffahrtsgesellschaft'.repeat(3)}`);
  const listen = more.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const flags = ['serve', ...listen, '--data', join(folder, 'server'), '--mail', `dir:${join(folder, 'mail')}`, ...more];
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...variables } });
  const orphaned = () => child.kill();
  process.once('exit', orphaned);
  const base = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(String(line).trim().replace('listening on ', '')));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });

  const mails = () => readdirSync(join(folder, 'mail')).filter((name) => name.endsWith('.eml'));

  // What a mail to somebody holds that looks like this and was not there before `act`.
  async function mailed(email, pattern, act) {
    const before = new Set(mails());
    await act();
    for (let tries = 0; tries < 200; tries += 1) {
      for (const name of mails().filter((name) => !before.has(name))) {
        const mail = readFileSync(join(folder, 'mail', name), 'utf8');
        const found = pattern.exec(mail);
        if (mail.includes(`To: ${email}`) && found) return found[1];
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('no mail came');
  }

  async function stop() {
    process.removeListener('exit', orphaned);
    if (child.exitCode === null) {
      // It still writes while it stops: a folder that is taken away too early is made again.
      const ended = new Promise((resolve) => { child.once('exit', resolve); });
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  }

  return { base, mailed, stop };
}
