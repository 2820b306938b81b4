  // What crypto.subtle does, for browsers that keep it from a file: PBKDF2 with HMAC-SHA-256 (RFC 8018, FIPS 180-4) and
  // AES-256 in GCM (FIPS 197, SP 800-38D).
  const words32 = (hex) => Uint32Array.from(hex.match(/.{8}/g), (word) => parseInt(word, 16));
  const ROUND = words32(
    '428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5d807aa9812835b01243185be550c7dc372be5d74' +
    '80deb1fe9bdc06a7c19bf174e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da983e5152a831c66d' +
    'b00327c8bf597fc7c6e00bf3d5a7914706ca63511429296727b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e' +
    '92722c85a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa07019a4c1161e376c082748774c34b0bcb5' +
    '391c0cb34ed8aa4a5b9cca4f682e6ff3748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2');
  const START = words32('6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19');

  const schedule = new Uint32Array(64);
  const compress = (state, block) => {
    const w = schedule;
    for (let i = 0; i < 16; i += 1) w[i] = block[i];
    for (let i = 16; i < 64; i += 1) {
      const p = w[i - 15], q = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (((p >>> 7) | (p << 25)) ^ ((p >>> 18) | (p << 14)) ^ (p >>> 3))
        + (((q >>> 17) | (q << 15)) ^ ((q >>> 19) | (q << 13)) ^ (q >>> 10));
    }
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))
        + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
      const two = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)))
        + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  };

  // One block of 32 bytes is all that is wanted; the password is shorter than a block of the hash.
  const bundledKey = async (password, salt, rounds, told) => {
    const padded = (bytes, before) => {
      const block = new Uint8Array(64);
      block.set(bytes);
      if (before) { block[bytes.length] = 0x80; new DataView(block.buffer).setUint32(60, (before + bytes.length) * 8); }
      const view = new DataView(block.buffer);
      return Uint32Array.from({ length: 16 }, (_, i) => view.getUint32(i * 4));
    };
    const keyed = (pad) => {
      const state = START.slice();
      compress(state, padded(password).map((word) => word ^ pad));
      return state;
    };
    const inner = keyed(0x36363636), outer = keyed(0x5c5c5c5c), state = new Uint32Array(8);
    const block = padded([...salt, 0, 0, 0, 1], 64);
    const key = new Uint32Array(8);
    for (let round = 0; round < rounds; round += 1) {
      state.set(inner); compress(state, block);
      block.set(state); block[8] = 0x80000000; block.fill(0, 9, 15); block[15] = 768;
      state.set(outer); compress(state, block);
      block.set(state);
      for (let i = 0; i < 8; i += 1) key[i] ^= state[i];
      if (round % 20000 === 19999) await told(round / rounds);
    }
    return key;
  };

  const SBOX = new Uint8Array(256);
  const TABLES = [0, 1, 2, 3].map(() => new Uint32Array(256));
  const prepare = () => {
    // Powers of 3 and their inverses give every byte's inverse.
    let p = 1, q = 1;
    do {
      p ^= (p << 1) ^ (p & 0x80 ? 0x11b : 0);
      q ^= q << 1; q ^= q << 2; q ^= q << 4; q &= 0xff;
      if (q & 0x80) q ^= 0x09;
      SBOX[p & 0xff] = q ^ ((q << 1) | (q >> 7)) ^ ((q << 2) | (q >> 6)) ^ ((q << 3) | (q >> 5)) ^ ((q << 4) | (q >> 4)) ^ 0x63;
      p &= 0xff;
    } while (p !== 1);
    SBOX[0] = 0x63;
    for (let i = 0; i < 256; i += 1) {
      const s = SBOX[i], twice = ((s << 1) ^ (s & 0x80 ? 0x11b : 0)) & 0xff;
      const word = ((twice << 24) | (s << 16) | (s << 8) | (twice ^ s)) >>> 0;
      TABLES.forEach((table, n) => { table[i] = n ? (word >>> (8 * n)) | (word << (32 - 8 * n)) : word; });
    }
  };
  const spread = (w) => ((SBOX[w >>> 24] << 24) | (SBOX[(w >>> 16) & 255] << 16) | (SBOX[(w >>> 8) & 255] << 8) | SBOX[w & 255]) >>> 0;

  // AES-256-GCM under one key: opens a piece, or gives null where it was sealed otherwise.
  const bundledCipher = (key) => {
    if (!SBOX[0]) prepare();
    const k = new Uint32Array(60);
    k.set(key);
    for (let i = 8, rcon = 1; i < 60; i += 1) {
      let t = k[i - 1];
      if (i % 8 === 0) { t = spread((t << 8) | (t >>> 24)) ^ (rcon << 24); rcon <<= 1; } else if (i % 8 === 4) t = spread(t);
      k[i] = k[i - 8] ^ t;
    }
    const [A, B, C, D] = TABLES;
    const out = new Uint32Array(4);
    const encrypt = (w0, w1, w2, w3) => {
      let a = w0 ^ k[0], b = w1 ^ k[1], c = w2 ^ k[2], d = w3 ^ k[3], i = 4;
      for (; i < 56; i += 4) {
        const p = A[a >>> 24] ^ B[(b >>> 16) & 255] ^ C[(c >>> 8) & 255] ^ D[d & 255] ^ k[i];
        const q = A[b >>> 24] ^ B[(c >>> 16) & 255] ^ C[(d >>> 8) & 255] ^ D[a & 255] ^ k[i + 1];
        const r = A[c >>> 24] ^ B[(d >>> 16) & 255] ^ C[(a >>> 8) & 255] ^ D[b & 255] ^ k[i + 2];
        const s = A[d >>> 24] ^ B[(a >>> 16) & 255] ^ C[(b >>> 8) & 255] ^ D[c & 255] ^ k[i + 3];
        a = p; b = q; c = r; d = s;
      }
      const last = (w, x, y, z, at) => ((SBOX[w >>> 24] << 24) | (SBOX[(x >>> 16) & 255] << 16) | (SBOX[(y >>> 8) & 255] << 8) | SBOX[z & 255]) ^ k[at];
      out[0] = last(a, b, c, d, 56); out[1] = last(b, c, d, a, 57); out[2] = last(c, d, a, b, 58); out[3] = last(d, a, b, c, 59);
    };

    // Multiples of the hash key by four bits each, and what falls out of a shift by four.
    encrypt(0, 0, 0, 0);
    const M = Array.from({ length: 16 }, () => [0, 0, 0, 0]);
    let v = Array.from(out);
    for (let i = 8; i > 0; i >>= 1) {
      M[i] = v;
      v = [(v[0] >>> 1) ^ (v[3] & 1 ? 0xe1000000 : 0), (v[1] >>> 1) | (v[0] << 31), (v[2] >>> 1) | (v[1] << 31), (v[3] >>> 1) | (v[2] << 31)];
    }
    for (let i = 2; i < 16; i <<= 1) for (let j = 1; j < i; j += 1) M[i + j] = M[i].map((word, n) => word ^ M[j][n]);
    const flat = Uint32Array.from(M.flat());
    const REST = Uint32Array.from(
      [0, 0x1c20, 0x3840, 0x2460, 0x7080, 0x6ca0, 0x48c0, 0x54e0, 0xe100, 0xfd20, 0xd940, 0xc560, 0x9180, 0x8da0, 0xa9c0, 0xb5e0],
      (rest) => rest << 16);
    const hash = new Uint32Array(4);
    const multiply = () => {
      let a = 0, b = 0, c = 0, d = 0;
      for (let w = 3; w >= 0; w -= 1) {
        const word = hash[w];
        for (let shift = 0; shift < 32; shift += 4) {
          const at = ((word >>> shift) & 15) * 4, rest = d & 15;
          d = ((d >>> 4) | (c << 28)) ^ flat[at + 3];
          c = ((c >>> 4) | (b << 28)) ^ flat[at + 2];
          b = ((b >>> 4) | (a << 28)) ^ flat[at + 1];
          a = (a >>> 4) ^ REST[rest] ^ flat[at];
        }
      }
      hash[0] = a; hash[1] = b; hash[2] = c; hash[3] = d;
    };
    const absorb = (bytes, length) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const whole = length - (length % 16);
      for (let at = 0; at < whole; at += 16) {
        for (let i = 0; i < 4; i += 1) hash[i] ^= view.getUint32(at + 4 * i);
        multiply();
      }
      if (whole < length) {
        for (let at = whole; at < length; at += 1) hash[(at - whole) >> 2] ^= bytes[at] << (24 - 8 * (at & 3));
        multiply();
      }
    };

    return (nonce, aad, sealed) => {
      const length = sealed.length - 16;
      if (length < 0) return null;
      const n = new DataView(nonce.buffer), n0 = n.getUint32(0), n1 = n.getUint32(4), n2 = n.getUint32(8);
      hash.fill(0);
      absorb(aad, aad.length);
      absorb(sealed, length);
      hash[1] ^= aad.length * 8;
      hash[2] ^= Math.floor(length / 0x20000000);
      hash[3] ^= length * 8;
      multiply();
      encrypt(n0, n1, n2, 1);
      const tag = new DataView(sealed.buffer, sealed.byteOffset + length, 16);
      let wrong = 0;
      for (let i = 0; i < 4; i += 1) wrong |= tag.getUint32(4 * i) ^ hash[i] ^ out[i];
      if (wrong) return null;
      const plain = new Uint8Array(length);
      for (let at = 0, counter = 2; at < length; at += 16, counter += 1) {
        encrypt(n0, n1, n2, counter);
        const end = Math.min(16, length - at);
        for (let i = 0; i < end; i += 1) plain[at + i] = sealed[at + i] ^ (out[i >> 2] >>> (24 - 8 * (i & 3)));
      }
      return plain;
    };
  };
