  // What is typed here stays in this window: no storage, no request.
  const LABEL = 'kinfolio/v1/sealed-file';
  const form = document.getElementById('open');
  const fields = Array.from(form.querySelectorAll('input'));
  const button = form.querySelector('button');
  const status = document.getElementById('status');
  const list = document.getElementById('list').textContent.trim().split(' ');
  const subtle = window.crypto && window.crypto.subtle;
  const utf8 = new TextEncoder();
  const aad = new Uint8Array([0, 0, 0, LABEL.length, ...utf8.encode(LABEL)]);
  const pause = () => new Promise((done) => { setTimeout(done); });

  const DIGITS = new Uint8Array(128);
  Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (c, n) => { DIGITS[c.charCodeAt(0)] = n; });
  const bytesOf = (text) => {
    const length = (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
    const bytes = new Uint8Array(length);
    for (let i = 0, at = 0; at < length; i += 4) {
      const four = (DIGITS[text.charCodeAt(i)] << 18) | (DIGITS[text.charCodeAt(i + 1)] << 12)
        | (DIGITS[text.charCodeAt(i + 2)] << 6) | DIGITS[text.charCodeAt(i + 3)];
      bytes[at] = four >> 16; bytes[at + 1] = four >> 8; bytes[at + 2] = four;
      at += 3;
    }
    return bytes;
  };

  // Opens a piece: bytes, or null where the key is another or the piece was changed.
  const cipherFor = async (password) => {
    const salt = bytesOf(form.dataset.salt), rounds = Number(form.dataset.rounds);
    if (!subtle) {
      return bundledCipher(await bundledKey(password, salt, rounds, async (part) => {
        status.textContent = 'Trying the words: ' + Math.round(part * 100) + ' %';
        await pause();
      }));
    }
    const secret = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveKey']);
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
    const key = await subtle.deriveKey(how, secret, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
    return (iv, additionalData, sealed) => subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed)
      .then((plain) => new Uint8Array(plain), () => null);
  };

  const distance = (one, other) => {
    let row = Array.from({ length: other.length + 1 }, (_, n) => n);
    for (let i = 0; i < one.length; i += 1) {
      const next = [i + 1];
      for (let j = 0; j < other.length; j += 1) {
        next.push(Math.min(row[j] + (one[i] === other[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1));
      }
      row = next;
    }
    return row[other.length];
  };

  // What is wrong with one field, in words; none when it holds a word of the list. Four letters are enough.
  const wrongWith = (field, number) => {
    const typed = field.value.normalize('NFC').toLowerCase().replace(/[^\p{L}]/gu, '');
    if (!typed) return 'Word ' + number + ' is missing.';
    const begins = list.filter((word) => word.startsWith(typed));
    if (list.includes(typed)) field.value = typed;
    else if (typed.length > 3 && begins.length === 1) field.value = begins[0];
    else {
      const near = list.map((word) => [distance(typed, word), word]).filter(([far]) => far < 3).sort((a, b) => a[0] - b[0]);
      const few = near.filter(([far]) => far === near[0][0]).slice(0, 3).map(([, word]) => '“' + word + '”');
      return 'This is not one of the words that such files use.' + (few.length ? ' Perhaps ' + few.join(' or ') + '?' : '');
    }
    return '';
  };

  const tell = (field, message) => {
    document.getElementById(field.getAttribute('aria-describedby')).textContent = message;
    if (message) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  };

  const said = (message, field) => {
    status.textContent = message;
    button.disabled = false;
    if (field) field.focus();
  };

  const show = (plain) => {
    const text = new TextDecoder();
    document.open();
    plain.forEach((piece) => { document.write(text.decode(piece, { stream: true })); });
    document.write(text.decode());
    document.close();
  };

  const open = async () => {
    const wrong = fields.map((field, n) => wrongWith(field, n + 1));
    wrong.forEach((message, n) => tell(fields[n], message));
    const first = wrong.findIndex((message) => message);
    if (first >= 0) { said('Look at word ' + (first + 1) + ' once more.', fields[first]); return; }
    button.disabled = true;
    status.textContent = 'Trying the words…';
    await pause();
    const cipher = await cipherFor(utf8.encode(fields.map((field) => field.value).join(' ')));
    const pieces = Array.from(document.querySelectorAll('script.piece'));
    const plain = [];
    for (let n = 0; n < pieces.length; n += 1) {
      const nonce = new Uint8Array(12);
      new DataView(nonce.buffer).setUint32(7, n);
      nonce[11] = n + 1 === pieces.length ? 1 : 0;
      const piece = await cipher(nonce, aad, bytesOf(pieces[n].textContent));
      if (!piece && n === 0) {
        said('These six words do not open this file. Listen to them once more: each word, and their order. Nothing is lost, try as often as you like.', fields[0]);
        return;
      }
      if (!piece) { said('The words are right, but this file did not arrive whole: ask for it once more.'); return; }
      plain.push(piece);
      pieces[n].textContent = '';
      if (n % 8 === 7) { status.textContent = 'Opening: ' + Math.round(((n + 1) / pieces.length) * 100) + ' %'; await pause(); }
    }
    show(plain);
  };

  // All six, typed or pasted into one field.
  fields.forEach((field) => field.addEventListener('input', () => {
    const words = field.value.trim().split(/[\s,]+/);
    if (words.length === fields.length) fields.forEach((one, n) => { one.value = words[n]; });
    tell(field, '');
  }));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!button.disabled) open().catch(() => said('This browser could not open the file. Try another one, such as Firefox or Chrome.'));
  });
  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('preview').hidden = true;
    form.hidden = !document.getElementById('end');
    if (form.hidden) said('This file did not arrive whole: ask for it once more.');
  });
