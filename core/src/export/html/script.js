(() => {
  'use strict';
  // Names are changed in this window only: no storage, no request, text written as text.
  const bar = document.getElementById('names');
  if (!bar) return;
  const all = (selector, node) => Array.from((node || document).querySelectorAll(selector));
  const form = document.getElementById('rename');
  const preview = document.getElementById('preview');
  const status = document.getElementById('saved');
  const fix = document.getElementById('fix');
  const first = {};
  all('[data-label]', bar).forEach((label) => { first[label.dataset.label] = label.textContent; });

  const clean = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').trim().normalize('NFC');
  const names = () => {
    const now = Object.assign({}, first);
    all('input[data-for]', bar).forEach((field) => {
      now[field.dataset.for] = clean(field.value) || first[field.dataset.for];
    });
    return now;
  };
  const quoted = (text) => '"' + text.replace(/[^A-Za-z0-9 ]/gu, (c) => '\\' + c.codePointAt(0).toString(16) + ' ') + '"';

  const write = (root, now) => {
    all('[data-learner]', root).forEach((span) => {
      const name = now[span.dataset.learner];
      if (name === undefined) return;
      span.textContent = name;
      span.classList.toggle('long', Array.from(name).length > 24);
    });
    all('[data-parts]', root).forEach((node) => {
      const text = JSON.parse(node.dataset.parts).map((part) => typeof part === 'number' ? now[part] : part).join('');
      if (node.hasAttribute('alt')) node.setAttribute('alt', text);
      else node.textContent = text;
    });
    if (root.dataset.foot !== undefined) root.style.setProperty('--foot', quoted(now[1] + root.dataset.foot));
  };

  const copy = (now, fixed) => {
    const root = document.documentElement.cloneNode(true);
    write(root, now);
    all('[data-label]', root).forEach((label) => { label.textContent = now[label.dataset.label]; });
    root.querySelector('#names').removeAttribute('open');
    root.querySelector('#rename').hidden = true;
    root.querySelector('#preview').hidden = false;
    root.querySelector('#saved').textContent = '';
    if (fixed) {
      all('#names, script', root).forEach((node) => node.remove());
      root.removeAttribute('data-foot');
      all('[data-learner], [data-parts]', root).forEach((node) => {
        if (node.dataset.learner) node.classList.add('name');
        ['data-learner', 'data-parts'].forEach((name) => node.removeAttribute(name));
      });
      const policy = root.querySelector('meta[http-equiv]');
      policy.setAttribute('content', policy.getAttribute('content').replace(/script-src [^;]*/, "script-src 'none'"));
    }
    return '<!doctype html>\n' + root.outerHTML + '\n';
  };

  all('input[data-for]', bar).forEach((field) => {
    field.addEventListener('input', () => { write(document.documentElement, names()); status.textContent = ''; });
  });
  const save = document.getElementById('save');
  save.addEventListener('click', () => {
    const url = URL.createObjectURL(new Blob([copy(names(), fix.checked)], { type: 'text/html' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = save.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    status.textContent = 'A copy was saved where your browser keeps downloads.';
  });
  form.hidden = false;
  preview.hidden = true;
  bar.open = window.matchMedia('(min-width: 900px)').matches;
})();
