"""Opens Kinfolio's formats from docs/formats.md alone: no code of Kinfolio's, only Python's standard library.

    python3 open.py FILE        FILE holds `name = value` lines as in docs/formats.md 12, bare or in a ```vectors block.

Opens whatever FILE has, prints what was inside, and ends with an error as soon as anything does not hold.
"""
import hashlib
import hmac
import re
import struct
import sys
import zlib


# --- 1. ground -------------------------------------------------------------------------------------------------

def label(name):
    return b"kinfolio/v1/" + name.encode()


def lp(*fields):
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def h(name, data):
    return hashlib.sha256(lp(label(name), data)).digest()


def hkdf_extract(salt, ikm):
    return hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()


def hkdf_expand(prk, info, length):
    out, block, count = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([count]), hashlib.sha256).digest()
        out, count = out + block, count + 1
    return out[:length]


def kdf(key, name, *fields):
    return hkdf_expand(hkdf_extract(b"", key), lp(label(name), *fields), 32)


def cbor(data, at=0):
    """One deterministic CBOR item and where it ends."""
    major, small = data[at] >> 5, data[at] & 31
    at += 1
    if small < 24:
        value = small
    elif small < 28:
        size = 1 << (small - 24)
        value, at = int.from_bytes(data[at:at + size], "big"), at + size
        assert value >= (24 if size == 1 else 1 << (4 * size)), "not the shortest integer"
    else:
        raise ValueError("indefinite length")
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in (2, 3):
        raw = data[at:at + value]
        assert len(raw) == value, "cut short"
        return (raw if major == 2 else raw.decode()), at + value
    if major == 4:
        items = []
        for _ in range(value):
            item, at = cbor(data, at)
            items.append(item)
        return items, at
    if major == 5:
        pairs, before = {}, b""
        for _ in range(value):
            start = at
            key, at = cbor(data, at)
            assert data[start:at] > before or not before, "keys do not ascend"
            before = data[start:at]
            pairs[key], at = cbor(data, at)
        return pairs, at
    return {20: False, 21: True, 22: None}[value], at


def whole(data):
    value, end = cbor(data)
    assert end == len(data), "bytes after the end"
    return value


def encode(value):
    """Just enough of an encoder for signers."""
    def head(major, number):
        assert number < 256
        return bytes([major << 5 | number]) if number < 24 else bytes([major << 5 | 24, number])
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    return head(4, len(value)) + b"".join(encode(item) for item in value)


# --- ChaCha20-Poly1305 (RFC 8439) and XChaCha20-Poly1305 -----------------------------------------------------

def rounds(state):
    s = list(state)

    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & 0xFFFFFFFF
            mixed = s[z] ^ s[x]
            s[z] = (mixed << turn | mixed >> (32 - turn)) & 0xFFFFFFFF
    for _ in range(10):
        quarter(0, 4, 8, 12), quarter(1, 5, 9, 13), quarter(2, 6, 10, 14), quarter(3, 7, 11, 15)
        quarter(0, 5, 10, 15), quarter(1, 6, 11, 12), quarter(2, 7, 8, 13), quarter(3, 4, 9, 14)
    return s


SIGMA = struct.unpack("<4I", b"expand 32-byte k")


def chacha20(key, counter, nonce, data):
    start = SIGMA + struct.unpack("<8I", key)
    out = bytearray()
    for at in range(0, len(data), 64):
        state = start + (counter + at // 64,) + struct.unpack("<3I", nonce)
        stream = struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(rounds(state), state)))
        out += bytes(a ^ b for a, b in zip(data[at:at + 64], stream))
    return bytes(out)


def hchacha20(key, nonce):
    s = rounds(SIGMA + struct.unpack("<8I", key) + struct.unpack("<4I", nonce))
    return struct.pack("<8I", *s[:4], *s[12:])


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at:at + 16] + b"\1", "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:], "little")) & ((1 << 128) - 1)).to_bytes(16, "little")


def chacha_open(key, nonce, aad, sealed):
    text, tag = sealed[:-16], sealed[-16:]

    def padded(data):
        return data + bytes(-len(data) % 16)
    message = padded(aad) + padded(text) + struct.pack("<QQ", len(aad), len(text))
    if not hmac.compare_digest(tag, poly1305(chacha20(key, 0, nonce, bytes(32)), message)):
        raise ValueError("does not open")
    return chacha20(key, 1, nonce, text)


def xchacha_open(key, nonce, aad, sealed):
    return chacha_open(hchacha20(key, nonce[:16]), bytes(4) + nonce[16:], aad, sealed)


# --- X25519 (RFC 7748), Ed25519 (RFC 8032), HPKE (RFC 9180) ------------------------------------------------

P = (1 << 255) - 19


def x25519(secret, point=b"\x09" + bytes(31)):
    k = int.from_bytes(secret, "little") & ~7 & ((1 << 254) - 1) | 1 << 254
    x1 = int.from_bytes(point, "little") & ((1 << 255) - 1)
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for bit in range(254, -1, -1):
        now = k >> bit & 1
        if swap ^ now:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = now
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a, c * b, a * a, b * b
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        e = aa - bb
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


D = -121665 * pow(121666, P - 2, P) % P
ORDER = (1 << 252) + 27742317777372353535851937790883648493


def ed_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, hh = b - a, d - c, d + c, b + a
    return e * f % P, g * hh % P, f * g % P, e * hh % P


def ed_times(number, p):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = ed_add(total, p)
        p, number = ed_add(p, p), number >> 1
    return total


def ed_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    assert y < P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - square) % P == 0, "no point"
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def ed_base():
    return ed_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed_verify(public, message, signature):
    r, s = ed_point(signature[:32]), int.from_bytes(signature[32:], "little")
    assert s < ORDER, "signature has a second spelling"
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = ed_times(s, ed_base()), ed_add(r, ed_times(k, ed_point(public)))
    assert (left[0] * right[2] - right[0] * left[2]) % P == 0, "signature does not hold"
    assert (left[1] * right[2] - right[1] * left[2]) % P == 0, "signature does not hold"


def ed_public(seed):
    wide = hashlib.sha512(seed).digest()
    a = int.from_bytes(wide[:32], "little") & ~7 & ((1 << 254) - 1) | 1 << 254
    x, y, z, _ = ed_times(a, ed_base())
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def hpke_open(secret, enc, info, sealed, sender=None, psk=b"", psk_id=b""):
    kem, suite = b"KEM\0\x20", b"HPKE\0\x20\0\1\0\3"

    def extract(who, salt, name, ikm):
        return hkdf_extract(salt, b"HPKE-v1" + who + name + ikm)

    def expand(who, prk, name, data, length):
        return hkdf_expand(prk, struct.pack(">H", length) + b"HPKE-v1" + who + name + data, length)
    shared, context = x25519(secret, enc), enc + x25519(secret)
    if sender:
        shared, context = shared + x25519(secret, sender), context + sender
    shared = expand(kem, extract(kem, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    mode = 2 if sender else 1
    schedule = bytes([mode]) + extract(suite, b"", b"psk_id_hash", psk_id) + extract(suite, b"", b"info_hash", info)
    prk = extract(suite, shared, b"secret", psk)
    key, nonce = expand(suite, prk, b"key", schedule, 32), expand(suite, prk, b"base_nonce", schedule, 12)
    return chacha_open(key, nonce, b"", sealed)


# --- 7 to 11: what Kinfolio seals ----------------------------------------------------------------------------

def open_record(space_key, space, record, fmt, sealed):
    assert sealed[:2] == b"\1\1", "unknown version or suite"
    aad = lp(label("record"), space, record, struct.pack(">H", fmt), sealed[:6])
    plain = xchacha_open(kdf(space_key, "record"), sealed[6:30], aad, sealed[30:])
    length = struct.unpack(">I", plain[1:5])[0]
    body = plain[5:5 + length]
    assert not any(plain[5 + length:]), "padding is zeros"
    return zlib.decompress(body, -15) if plain[0] == 1 else body


def open_blob(key, blob, length, sealed):
    aad, out = lp(label("blob"), blob), b""
    size = 65536 + 16
    count = max(1, -(-len(sealed) // size))
    for number in range(count):
        nonce = bytes(19) + struct.pack(">IB", number, number == count - 1)
        out += xchacha_open(key, nonce, aad, sealed[number * size:(number + 1) * size])
    assert len(out) == padme(length) and not any(out[length:]), "padding"
    return out[:length]


def padme(length):
    if length < 2:
        return length
    e = length.bit_length() - 1
    mask = (1 << (e - e.bit_length())) - 1
    return (length + mask) & ~mask


def open_keyring(space_key, family, number, sealed):
    assert sealed[:2] == b"\1\1", "unknown version or suite"
    aad = lp(label("keyring"), family, struct.pack(">Q", number))
    plain = xchacha_open(kdf(space_key, "keyring"), sealed[2:26], aad, sealed[26:])
    value, end = cbor(plain)
    assert len(plain) % 512 == 0 and not any(plain[end:]), "padding"
    assert (value[0], value[1], value[2]) == (1, family, number)
    return value


def open_grant(grant, family, entry_hash, secret, sender=None, psk=b"", psk_id=b""):
    wire = whole(grant)
    info = lp(label("grant"), bytes([wire[0]]), family, entry_hash, encode(wire[2]), wire[3], x25519(secret))
    value = whole(hpke_open(secret, wire[4], info, wire[5], sender, psk, psk_id))
    assert (value[0], value[1]) == (1, family)
    return value


def check_log(entries, hashes):
    """The chain and its signatures (not the rules of section 2); gives the bodies."""
    bodies, previous, signers = [], bytes(32), {}
    for number, (raw, expected) in enumerate(zip(entries, hashes), 1):
        body, signature, co_signature = whole(raw)
        fields = whole(body)
        assert (fields[0], fields[2], fields[3]) == (1, number, previous), "not the next entry"
        for change in fields[4]:
            if change[0] == 2 and (number == 1 or change[3] == [0]):
                signers[change[1]] = change[5]
        message = lp(label("log-entry"), body)
        ed_verify(signers[fields[6][1]], message, signature)
        papers = [change[2] for change in fields[4] if change[0] == 6]
        assert bool(papers) == (co_signature is not None)
        if papers:
            ed_verify(papers[0], message, co_signature)
        previous = h("log-hash", body)
        assert previous == expected
        bodies.append(fields)
    return bodies


# --- the file --------------------------------------------------------------------------------------------------

def read(path):
    text = open(path, encoding="utf-8").read()
    fence = re.search(r"```vectors\n(.*?)```", text, re.S)
    values = {}
    for match in re.finditer(r"^([a-z_.0-9]+) =([^\n]*(?:\n    [0-9a-f]+)*)", fence.group(1) if fence else text, re.M):
        raw = match.group(2).strip()
        values[match.group(1)] = raw[1:-1] if raw.startswith('"') else bytes.fromhex("".join(raw.split()))
    return values


def main(path):
    v = read(path)
    if "record.sealed" in v:
        document = open_record(v["space_key"], v["record.space"], v["record.id"], int(v["record.format"]), v["record.sealed"])
        assert document == v.get("record.document", document)
        cells = whole(document)
        registers = {field: cell[1][1] for field, cell in cells[2].items() if cell[0] == 0}
        print("record:", {"kind": cells[0], "registers": registers})
        for at in (0, 5, 6, 40, len(v["record.sealed"]) - 1):
            bent = bytearray(v["record.sealed"])
            bent[at] ^= 1
            try:
                open_record(v["space_key"], v["record.space"], v["record.id"], int(v["record.format"]), bytes(bent))
            except (ValueError, AssertionError):
                continue
            raise SystemExit("a bent record opened")
    if "blob.sealed" in v:
        plain = open_blob(v["blob.key"], v["blob.id"], int(v["blob.length"]), v["blob.sealed"])
        assert plain == v.get("blob.plaintext", plain)
        print("blob:", len(plain), "bytes, sha256", hashlib.sha256(plain).hexdigest())
    if "blob.root" in v:
        assert h("blob-root", hashlib.sha256(v["blob.sealed"]).digest()) == v["blob.root"]
    if "keyring.sealed" in v:
        keyring = open_keyring(v["space_key"], v["family"], int(v["keyring.number"]), v["keyring.sealed"])
        assert h("keyring-hash", v["keyring.sealed"]) == v.get("keyring.hash", h("keyring-hash", v["keyring.sealed"]))
        assert v["space_key"] in [key for epochs in keyring[3].values() for key in epochs.values()]
        print("keyring:", [device[0] for device in keyring[4].values()], list(keyring[5].values()))
    if "log.1" not in v:
        return
    assert lp(label("record"), b"ab", b"") == v["lp_record"] and h("log-hash", b"abc") == v["hash"]
    assert kdf(v["space_key"], "record") == v["record_key"] and kdf(v["space_key"], "keyring") == v["keyring_key"]
    hashes = [v[f"log.{number}.hash"] for number in (1, 2, 3)]
    bodies = check_log([v[f"log.{number}"] for number in (1, 2, 3)], hashes)
    epoch = bodies[0][4][2]
    assert kdf(v["space_key"], "commit", v["family"], epoch[1], struct.pack(">I", epoch[2])) == epoch[3] == v["commitment"]
    assert bodies[2][5] == v["keyring.hash"]
    print("log:", len(bodies), "entries")

    secret = v["link.secret"]
    link = kdf(secret, "link-id")[:16]
    assert link == v["link.id"] and kdf(secret, "link-psk") == v["link.psk"]
    post = whole(v["link.post"])
    mac = lp(label("link-mac"), link, v["family"], post[0], post[1], post[2])
    assert hmac.new(kdf(secret, "link-mac"), mac, hashlib.sha256).digest() == post[4]
    name = xchacha_open(kdf(secret, "link-name"), post[3][2:26], lp(label("link-name"), link), post[3][26:])
    invite, ask, kit = (whole(v[f"qr.{kind}"]) for kind in ("invite", "ask", "kit"))
    assert invite[3] == v["family"] and invite[4] == ask[3] == secret and ask[4] == v["new_device"]
    letters, host = v["link.text"].split("@")
    number = 0
    for letter in letters:
        number = number << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".index(letter)
    typed = (number >> (5 * len(letters) - 288)).to_bytes(36, "big")
    check = hashlib.sha256(typed[:33] + b"https://" + host.encode()).digest()[:3]
    assert typed[0] == 1 and typed[1:33] == secret and typed[33:] == check
    print("link:", name.decode(), "asks at", host)

    entropy = v["recovery.entropy"]
    assert kit[4] == entropy
    kem, seed = kdf(entropy, "recovery-kem"), kdf(entropy, "recovery-sign")
    assert (kem, seed) == (v["recovery.kem_secret"], v["recovery.sign_seed"])
    assert x25519(kem) == v["recovery.kem_public"] and ed_public(seed) == v["recovery.sign_public"]
    assert bodies[2][4][0] == [6, x25519(kem), ed_public(seed)]
    founder = x25519(v["device.kem_secret"])
    grants = [
        open_grant(v["grant.member"], v["family"], hashes[0], v["device.kem_secret"], sender=founder),
        open_grant(v["grant.join"], v["family"], hashes[1], v["new_device.kem_secret"], psk=v["link.psk"], psk_id=link),
        open_grant(v["grant.recovery"], v["family"], hashes[2], kem, sender=founder),
    ]
    for number, grant in enumerate(grants, 1):
        assert grant[2] == {epoch[1]: {1: v["space_key"]}} and grant[3] == [number, hashes[number - 1]]
    print("grants: member, join and recovery give the space key")

    proof = lp(label("device-proof"), v["proof.issuer"].encode(), v["family"], v["device"], v["proof.sign_in"], v["proof.nonce"])
    assert proof == v["proof.message"]
    ed_verify(ed_public(v["device.sign_seed"]), proof, v["proof.signature"])
    print("device proof: holds")


if __name__ == "__main__":
    main(sys.argv[1])
