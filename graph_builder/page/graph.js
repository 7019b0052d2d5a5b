// The graph that travels with the page: unpacked once, then read by number.
const HEAD = JSON.parse(document.getElementById('head').textContent);
const FALLBACK = ['en', 'ru', 'uz', 'kk', 'ky', 'tg', 'tk'];
const REGION = new Set(HEAD.region);
let G = null;

function packed() {
  const text = atob(document.getElementById('body').textContent), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function unpack() {
  if (!('DecompressionStream' in window)) return unpackNow();
  const stream = new Blob([packed()]).stream().pipeThrough(new DecompressionStream('deflate-raw')), text = await new Response(stream).text();
  return G ?? new Graph(JSON.parse(text));
}

const unpackNow = () => new Graph(JSON.parse(new TextDecoder().decode(inflate(packed()))));

const list = value => value === undefined ? [] : Array.isArray(value) ? value : [value];
const folder = id => id.slice(0, id.indexOf('/'));
const stem = id => id.slice(id.indexOf('/') + 1);

class Graph {
  constructor(data) {
    const { texts, ...tables } = data;
    Object.assign(this, tables);
    this.stored = texts;
    this.references = new Set(data.references);
    this.number = new Map(this.ids.map((id, n) => [id, n]));
    this.evidence = new Map(data.evidence.map(entry => [entry[0], entry.slice(1)]));
    this.byFolder = new Map();
    this.ids.forEach(id => { const f = folder(id); if (!this.byFolder.has(f)) this.byFolder.set(f, []); this.byFolder.get(f).push(id); });
    this.backward = this.turned();
    this.agreements = this.of('agreements').map(id => this.agreement(id)).sort((a, b) => (a.signed || '9') < (b.signed || '9') ? -1 : (a.signed || '9') > (b.signed || '9') ? 1 : a.id < b.id ? -1 : 1);
    this.byId = new Map(this.agreements.map(a => [a.id, a]));
  }
  of(name) { return this.byFolder.get(name) ?? []; }
  has(id) { return this.number.has(id); }
  record(id) { return this.records[this.number.get(id)] ?? {}; }
  values(id, key) {
    const found = list(this.record(id)[key]);
    return this.references.has(key) ? found.map(v => typeof v === 'number' ? this.ids[v] : v) : found.map(String);
  }
  one(id, key) { return this.values(id, key)[0] ?? ''; }
  // texts of a key in the language asked for, else by the one fallback order
  texts(id, key, language) {
    const record = this.record(id);
    for (const code of [language, ...FALLBACK]) if (`${key}@${code}` in record) return list(record[`${key}@${code}`]).map(String);
    const other = Object.keys(record).find(k => k.startsWith(`${key}@`));
    return other ? list(record[other]).map(String) : list(record[key]).map(String);
  }
  name(id, language) {
    for (const key of ['name', 'title', 'prefLabel']) { const found = this.texts(id, key, language); if (found.length) return found[0]; }
    if (folder(id) === 'offices') return [this.one(id, 'role'), this.one(id, 'of')].filter(Boolean).map(i => this.name(i, language)).join(', ');
    return stem(id);
  }
  // all names with their language codes, each once: [[text, [codes]]]
  names(id, key) {
    const found = new Map();
    for (const [k, v] of Object.entries(this.record(id))) if (k.startsWith(`${key}@`)) for (const t of list(v)) found.set(t, [...(found.get(t) ?? []), k.slice(key.length + 1)]);
    return [...found];
  }
  turned() {
    const keys = ['party', 'references', 'replaces', 'amends', 'creates', 'signatory', 'place', 'event', 'member', 'partOf', 'host', 'visitor', 'participant', 'mentions', 'author', 'signature', 'of', 'country', 'about', 'commitment', 'consent', 'tenure', 'assessment'];
    const back = Object.fromEntries(keys.map(k => [k, new Map()]));
    this.records.forEach((record, n) => {
      for (const key of keys) for (const v of list(record[key])) {
        const id = typeof v === 'number' ? this.ids[v] : v;
        const map = back[key];
        if (map.has(id)) map.get(id).push(this.ids[n]); else map.set(id, [this.ids[n]]);
      }
    });
    return back;
  }
  back(key, id) { return this.backward[key].get(id) ?? []; }
  agreement(id) {
    const signatures = this.values(id, 'signature').map(s => ({ person: this.one(s, 'signatory'), party: this.one(s, 'for'), office: this.one(s, 'office'), held: this.one(s, 'signedAs'), role: this.one(s, 'role'), id: s }));
    return {
      id, parties: this.values(id, 'party').sort(), signed: this.one(id, 'signed'), inForce: this.one(id, 'inForce'), ended: this.one(id, 'ended'),
      form: this.one(id, 'type'), topics: this.values(id, 'subject'), signatures, planned: !this.one(id, 'signed'),
    };
  }
  grades(a) {
    if (a.grades) return a.grades;
    a.grades = new Set((this.evidence.get(this.number.get(a.id)) ?? []).map(([s]) => this.grade(s)));
    return a.grades;
  }
  grade(source) {
    const [address, publisher] = this.sources[source];
    if (address.startsWith('articles/')) return 'quote';
    const kind = this.publishers[publisher]?.kind;
    return kind === undefined ? 'page' : typeof kind === 'number' ? stem(this.ids[kind]) : stem(String(kind));
  }
  tier(a) { return Math.max(0, ...a.topics.map(t => HEAD.tiers.indexOf(stem(t)))); }
  // the record in which a node stands: `signatures/x.y` -> `agreements/x`
  parent(id) {
    for (const key of ['signature', 'commitment', 'consent', 'tenure', 'assessment']) { const found = this.back(key, id); if (found.length) return found[0]; }
    return id;
  }
}

// What a date that is known to a day, a month or a year tells about another day: was it reached?
function reached(date, day) {
  if (!date) return 'no';
  const n = Math.min(date.length, day.length);
  const one = date.slice(0, n), other = day.slice(0, n);
  if (one !== other) return one < other ? 'yes' : 'no';
  return date.length <= day.length && date.length === 10 ? 'yes' : date.length === day.length ? 'yes' : 'perhaps';
}

// in-force, ended, planned or unknown on a day ('' = as far as the sources tell); never a guess
function statusOn(a, day) {
  if (a.planned) return 'planned';
  if (!day) return a.ended ? 'ended' : a.inForce ? 'in-force' : 'unknown';
  if (a.ended && reached(a.ended, day) === 'yes') return 'ended';
  if (a.inForce && reached(a.inForce, day) === 'yes') return a.ended && reached(a.ended, day) === 'perhaps' ? 'unknown' : 'in-force';
  return 'unknown';
}

const TESTS = {
  state: (a, v) => a.parties.includes(v), with: (a, v) => a.parties.includes(v), person: (a, v) => a.signatures.some(s => s.person === v),
  form: (a, v) => a.form.split('/').pop() === v.split('/').pop(), topic: (a, v) => a.topics.some(t => stem(t) === v.split('/').pop()),
  status: (a, v, state) => statusOn(a, state.on) === v, grade: (a, v) => G.grades(a).has(v), on: (a, v) => !a.planned && reached(a.signed, v) !== 'no',
};
const FILTERS = ['state', 'with', 'person', 'form', 'topic', 'status', 'grade'];

function passing(state, without = '') {
  const active = [...FILTERS, 'on'].filter(k => state[k] && k !== without);
  return G.agreements.filter(a => active.every(k => TESTS[k](a, state[k], state)));
}

// for each value of a filter, how many agreements it would leave
function choices(state, key) {
  const counts = new Map();
  const add = v => { if (v) counts.set(v, (counts.get(v) ?? 0) + 1); };
  for (const a of passing(state, key)) {
    if (key === 'state' || key === 'with') a.parties.forEach(p => { if (key === 'state' || p !== state.state) add(p); });
    else if (key === 'person') new Set(a.signatures.map(s => s.person)).forEach(add);
    else if (key === 'form') add(stem(a.form));
    else if (key === 'topic') a.topics.forEach(t => add(stem(t)));
    else if (key === 'status') add(statusOn(a, state.on));
    else G.grades(a).forEach(add);
  }
  return counts;
}
