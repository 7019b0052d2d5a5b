// Folding of names for search: every script and spelling of one name becomes the same few Latin letters.
const CYRILLIC = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'io', ж: 'j', з: 'z', и: 'i', й: 'i', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r',
  с: 's', т: 't', у: 'u', ф: 'f', х: 'h', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sh', ъ: '', ы: 'i', ь: '', э: 'e', ю: 'iu', я: 'ia', ў: 'o', қ: 'k', ғ: 'g',
  ҳ: 'h', ҷ: 'j', ӣ: 'i', ӯ: 'u', ә: 'a', ң: 'n', ө: 'o', ұ: 'u', ү: 'u', һ: 'h', і: 'i', ї: 'i', є: 'e', җ: 'j',
};
const LATIN = { ç: 'ch', ş: 'sh', ğ: 'g', ı: 'i', ə: 'a', ä: 'a', ň: 'n', ž: 'j', ß: 'ss', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', č: 'ch', š: 'sh' };
const PAIRS = [[/zh|dj|dzh/g, 'j'], [/kh/g, 'h'], [/gh/g, 'g'], [/x/g, 'h'], [/q/g, 'k'], [/w/g, 'v'], [/y/g, 'i'], [/ck/g, 'k'], [/ph/g, 'f']];

const folded = new Map();

function fold(text) {
  const words = String(text).toLowerCase().normalize('NFC').replace(/['’‘ʻʼ`´ʹ′]/g, '').match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return words.map(word => {
    let found = folded.get(word);
    if (found === undefined) folded.set(word, found = foldWord(word));
    return found;
  }).filter(Boolean).join(' ');
}

function foldWord(word) {
  let plain = '';
  for (const letter of word) plain += CYRILLIC[letter] ?? LATIN[letter] ?? letter;
  plain = plain.normalize('NFD').replace(/\p{M}/gu, '');
  for (const [from, to] of PAIRS) plain = plain.replace(from, to);
  return squeeze(plain);
}

// A run of vowels is written in many ways (-ayev, -aev, -иёев): its last one stands for all; doubled letters are one.
function squeeze(word) {
  return word.replace(/[aeiou]*([aeiou])/g, '$1').replace(/([^0-9])\1+/g, '$1');
}

class Finder {
  constructor() { this.entries = []; }
  add(id, names, weight) {
    for (const name of new Set(names.map(fold))) if (name) this.entries.push({ id, name, words: name.split(' '), weight });
  }
  search(text, limit = 50) {
    const wanted = fold(text).split(' ').filter(Boolean);
    if (!wanted.length) return [];
    const exact = this.best(wanted, false), best = exact.size ? exact : this.best(wanted, true);
    return [...best].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit).map(pair => pair[0]);
  }
  best(wanted, loose) {
    const best = new Map();
    for (const entry of this.entries) {
      const score = rank(entry, wanted, loose);
      if (score > (best.get(entry.id) ?? 0)) best.set(entry.id, score);
    }
    return best;
  }
}

// How well a name answers: whole words before beginnings before parts; where nothing does, words with one letter wrong.
function rank(entry, wanted, loose) {
  let score = 0;
  for (const word of wanted) {
    if (!loose && !entry.name.includes(word)) return 0;
    if (entry.words.includes(word)) score += 3;
    else if (entry.words.some(w => w.startsWith(word))) score += 2;
    else if (word.length > 3 && entry.name.includes(word)) score += 1;
    else if (loose && word.length > 3 && entry.words.some(w => near(w, word))) score += 0.5;
    else return 0;
  }
  const whole = entry.name === wanted.join(' ') ? 4 : 0;
  return score / wanted.length + whole + 1.2 * wanted.length / Math.max(entry.words.length, wanted.length) + entry.weight;
}

// One letter differs, is missing or is too many.
function near(one, other) {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let a = one.length, b = other.length;
  while (a > start && b > start && one[a - 1] === other[b - 1]) { a--; b--; }
  return a - start <= 1 && b - start <= 1;
}
