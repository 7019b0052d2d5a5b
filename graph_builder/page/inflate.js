// DEFLATE (RFC 1951) by hand: for browsers without DecompressionStream, and for a script that asks before the stream is through.
const LENGTHS = [], DISTANCES = [];
for (let code = 0, base = 3; code < 28; code++) { const extra = code < 8 ? 0 : (code >> 2) - 1; LENGTHS.push([base, extra]); base += 1 << extra; }
LENGTHS.push([258, 0]);
for (let code = 0, base = 1; code < 30; code++) { const extra = code < 4 ? 0 : (code >> 1) - 1; DISTANCES.push([base, extra]); base += 1 << extra; }
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// A table that gives symbol and length of every code for its next bits.
function decoder(lengths) {
  const most = Math.max(...lengths, 1), table = new Uint32Array(1 << most), next = [], counts = new Array(16).fill(0);
  lengths.forEach(n => { if (n) counts[n]++; });
  for (let n = 1, code = 0; n <= 15; n++) { next[n] = code; code = (code + counts[n]) << 1; }
  lengths.forEach((n, symbol) => {
    if (!n) return;
    let code = next[n]++, turned = 0;
    for (let i = 0; i < n; i++) { turned = turned << 1 | code & 1; code >>= 1; }
    for (let at = turned; at < table.length; at += 1 << n) table[at] = symbol << 4 | n;
  });
  return { table, most };
}

function inflate(bytes) {
  let out = new Uint8Array(bytes.length * 6), size = 0, at = 0, held = 0, count = 0, last = 0;
  const bits = n => {
    while (count < n) { held |= bytes[at++] << count; count += 8; }
    const value = held & (1 << n) - 1;
    held >>>= n; count -= n;
    return value;
  };
  const symbol = ({ table, most }) => {
    while (count < most && at < bytes.length) { held |= bytes[at++] << count; count += 8; }
    const found = table[held & (1 << most) - 1], n = found & 15;
    held >>>= n; count -= n;
    return found >> 4;
  };
  const room = n => { if (size + n > out.length) { const more = new Uint8Array(out.length * 2 + n); more.set(out); out = more; } };
  while (!last) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      held = 0; at -= count >> 3; count = 0;
      const n = bytes[at] | bytes[at + 1] << 8;
      room(n); out.set(bytes.subarray(at + 4, at + 4 + n), size); size += n; at += 4 + n;
      continue;
    }
    const [literals, distances] = kind === 1 ? fixedCodes() : ownCodes(bits, symbol);
    for (let code = symbol(literals); code !== 256; code = symbol(literals)) {
      room(258);
      if (code < 256) { out[size++] = code; continue; }
      const [base, extra] = LENGTHS[code - 257], n = base + bits(extra), [far, more] = DISTANCES[symbol(distances)], back = far + bits(more);
      for (let i = 0; i < n; i++, size++) out[size] = out[size - back];
    }
  }
  return out.subarray(0, size);
}

const fixedCodes = () => [decoder(Array.from({ length: 288 }, (_, n) => n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8)), decoder(new Array(30).fill(5))];

function ownCodes(bits, symbol) {
  const literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4, own = new Array(19).fill(0), lengths = [];
  for (let i = 0; i < codes; i++) own[CODE_ORDER[i]] = bits(3);
  const table = decoder(own);
  while (lengths.length < literals + distances) {
    const code = symbol(table);
    if (code < 16) lengths.push(code);
    else if (code === 16) { const before = lengths.at(-1); for (let n = bits(2) + 3; n; n--) lengths.push(before); }
    else for (let n = code === 17 ? bits(3) + 3 : bits(7) + 11; n; n--) lengths.push(0);
  }
  return [decoder(lengths.slice(0, literals)), decoder(lengths.slice(literals))];
}
