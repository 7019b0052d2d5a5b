// The page: one state, kept in the address; every control changes it, everything shown follows from it.
const BLANK = { lens: HEAD.state.lens, lang: HEAD.state.lang, sel: '', open: '', on: '', read: '', mark: '', ...Object.fromEntries(FILTERS.map(f => [f, ''])) };
const START = { ...BLANK, ...HEAD.state };
const LENSES = ['states', 'agreements', 'leaders'];
const el = id => document.getElementById(id);

const remember = {
  get(key) { try { return localStorage.getItem(`accords.${key}`) ?? ''; } catch { return ''; } },
  set(key, value) { try { localStorage.setItem(`accords.${key}`, value); } catch { /* a page without storage forgets */ } },
};

const store = {
  state: { ...START, ...languageFirst() }, shown: [], picture: null, scene: null,
  set(patch, mode = '') {
    const before = this.state;
    this.state = { ...before, ...patch };
    if (Object.keys(this.state).every(k => this.state[k] === before[k])) return;
    if (patch.lang) remember.set(`lang.${HEAD.state.lang}`, patch.lang);
    writeHash(mode === 'quiet');
    this.refresh(before);
  },
  // To one thing: marked where it is drawn, else in the middle of its own picture.
  go(id) {
    if (!id) return this.set({ sel: '', open: this.state.open });
    if (id.includes('~')) return this.set({ open: id, sel: '', read: '', mark: '' });
    const drawn = this.picture.byId?.has(id);
    this.set({ sel: id, read: '', mark: '', ...(drawn ? {} : { open: id }) });
    announce(G.name(id, this.state.lang));
  },
  refresh(before = {}) {
    const s = this.state, changed = keys => keys.some(k => s[k] !== before[k]);
    const scenic = changed(['lens', 'open', 'on', ...FILTERS]) || (changed(['lang']) && !this.scene);
    if (changed(['lang'])) interfaceWords();
    if (scenic || !this.scene) {
      this.shown = passing(s);
      const key = JSON.stringify([s.lens, s.open]), same = this.sceneKey === key && this.scene;
      this.scene = sceneOf(s);
      if (!(this.first && plainStart(s))) this.picture.show(this.scene, same); else { this.picture.scene = { ...this.scene }; this.picture.byId = new Map(this.scene.nodes.map(n => [n.id, n])); this.picture.cache.key = ''; this.picture.network.redraw(); }
      this.first = false; this.sceneKey = key;
      time.show(); filters(); crumbs();
    } else if (changed(['lang'])) { time.show(); filters(); crumbs(); this.picture.cache.key = ''; this.picture.network.redraw(); }
    if ((this.picture.chosen ?? null) !== (s.sel || null) || (scenic && s.sel)) this.picture.choose(s.sel && this.picture.byId.has(s.sel) ? s.sel : null);
    if (scenic || changed(['sel', 'lang', 'open'])) showCard();
    if (s.read) reader.show(s.read, s.mark); else reader.hide();
    if (scenic || changed(['lang'])) later(tables);
  },
};

function languageFirst() {
  const lang = remember.get(`lang.${HEAD.state.lang}`);
  return HEAD.words[lang] ? { lang } : {};
}
const plainStart = s => !s.open && Object.keys(START).every(k => ['lang', 'sel', 'read', 'mark'].includes(k) || s[k] === START[k]);

// ---- the address ----
function hashOf(s) {
  return Object.keys(BLANK).filter(k => s[k] !== BLANK[k] || k === 'lens').filter(k => s[k] || BLANK[k]).map(k => `${k}=${encodeURIComponent(s[k]).replace(/%2F/g, '/').replace(/%3D/g, '=').replace(/%7E/g, '~')}`).join('&');
}
function readHash() {
  const hash = location.hash.slice(1), s = { ...(hash ? BLANK : START), ...languageFirst() };
  for (const part of hash.split('&')) {
    const cut = part.indexOf('='), key = part.slice(0, cut);
    if (cut < 1 || !(key in BLANK)) continue;
    try { s[key] = decodeURIComponent(part.slice(cut + 1)); } catch { /* a broken address keeps what can be read */ }
  }
  return valid(s);
}
// What the address asks for and the data does not have is left out.
function valid(s) {
  const known = id => id === '' || G.has(id), parts = s.open.replace(/^=/, '').split('~').filter(Boolean);
  if (!LENSES.includes(s.lens)) s.lens = START.lens;
  if (!HEAD.words[s.lang]) s.lang = START.lang;
  if (!known(s.sel) || (s.sel && !HEAD.style.kinds[folder(s.sel)])) s.sel = '';
  if (!parts.every(p => G.has(p) && HEAD.style.kinds[folder(p)])) s.open = '';
  for (const k of ['state', 'with', 'person', 'read', 'mark']) if (!known(s[k])) s[k] = '';
  if (!/^(\d{4}(-\d\d(-\d\d)?)?)?$/.test(s.on)) s.on = '';
  return s;
}
function writeHash(quiet) {
  const hash = `#${hashOf(store.state)}`;
  if (location.hash === hash) return;
  try { history[quiet ? 'replaceState' : 'pushState'](null, '', hash); } catch { location.hash = hash; }
}

// ---- words ----
function say(text) { el('said').textContent = text; }
const announce = text => say(text);
const later = work => (window.requestIdleCallback ?? setTimeout)(work, { timeout: 400 });

function interfaceWords() {
  const s = store.state;
  document.documentElement.lang = s.lang; document.title = t('site');
  el('wordmark').textContent = t('site'); el('subtitle').textContent = t('subtitle'); el('skip').textContent = t('skip');
  el('search').placeholder = t('searchHint'); el('search').setAttribute('aria-label', t('search')); el('hits').setAttribute('aria-label', t('search'));
  el('picture').setAttribute('aria-label', t('canvasHelp')); el('panel').setAttribute('aria-label', t('about')); el('listing').setAttribute('aria-label', t('table')); el('stage').setAttribute('aria-label', t('site'));
  el('lenses').setAttribute('aria-label', t('lens'));
  shorts.clear();
  lensButtons(); toolButtons(); legend(); zoomButtons();
}

function lensButtons() {
  el('lenses').replaceChildren(...LENSES.map(lens => h('button', { type: 'button', 'aria-pressed': String(store.state.lens === lens && !store.state.open), onclick: () => store.set({ lens, open: '', sel: '' }) }, t(`lens_${lens}`))));
}

function menu(id, label, ...children) {
  const box = h('details', { class: 'menu', id }, h('summary', {}, label), h('div', { class: 'drop' }, children));
  box.addEventListener('toggle', () => { if (box.open) document.querySelectorAll('details.menu[open]').forEach(other => { if (other !== box) other.open = false; }); });
  box.addEventListener('keydown', e => { if (e.key === 'Escape' && box.open) { box.open = false; box.querySelector('summary').focus(); e.stopPropagation(); } });
  return box;
}

function filterMenu() {
  const box = menu('filters', t('filters'), h('div', { id: 'choices' }));
  box.addEventListener('toggle', () => { if (box.open) filters(); });
  return box;
}

function toolButtons() {
  const item = (label, work) => h('button', { type: 'button', onclick: () => { document.querySelectorAll('details.menu[open]').forEach(d => { d.open = false; }); work(); } }, label);
  const language = h('select', { id: 'lang', 'aria-label': t('uiLanguage'), onchange: e => { store.set({ lang: e.target.value }); el('lang').focus(); } }, Object.keys(HEAD.words).map(l => h('option', { value: l, selected: l === store.state.lang }, HEAD.words[l].ownName)));
  const theme = h('button', { type: 'button', id: 'theme', 'aria-label': t('theme'), title: t('theme'), onclick: switchTheme }, '◐');
  el('tools').replaceChildren(
    filterMenu(),
    menu('share', t('share'), item(t('copyLink'), copyLink), item(t('cite'), () => cite(store.state.sel || store.state.open)), item(t('sparql'), showSparql), h('p', {}, t('save')), item('SVG', saveSvg), item('PNG', savePng),
      h('p', {}, t('download')), item('CSV', () => save('accords.csv', csvOf(store.scene.agreements), 'text/csv')), item('GEXF', () => save('accords.gexf', gexfOf(store.scene.agreements), 'application/xml')), item('GraphML', () => save('accords.graphml', graphmlOf(store.scene.agreements), 'application/xml')),
      h('p', {}, t('dossier')), item(t('print'), () => window.print())),
    language, theme);
}

function switchTheme() {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  remember.set('theme', document.documentElement.dataset.theme);
  store.picture.repaint();
}

function zoomButtons() {
  const button = (sign, label, work) => h('button', { type: 'button', 'aria-label': label, title: label, onclick: work }, sign);
  el('zoom').replaceChildren(button('+', t('zoomIn'), () => store.picture.zoom(1.4)), button('−', t('zoomOut'), () => store.picture.zoom(1 / 1.4)), button('⤢', t('fit'), () => store.picture.fit(true)));
  el('zoom').setAttribute('aria-label', t('fit'));
}

function legend() {
  const tier = name => h('li', {}, h('i', { class: `tier tier-${name}`, 'aria-hidden': 'true' }), t(`tier_${name}`));
  const box = el('legend'), open = box.dataset.seen ? box.open : innerWidth > 900;
  box.dataset.seen = '1'; box.open = open;
  box.replaceChildren(h('summary', {}, t('legend')), h('div', {},
    h('ul', {}, Object.keys(HEAD.style.kinds).filter(k => k !== 'articles').map(k => h('li', {}, glyph(k), t(`kind_${k}`))), h('li', {}, h('i', { class: 'full', 'aria-hidden': 'true' }, '◆'), t('in-force')), h('li', {}, h('i', { class: 'hollow', 'aria-hidden': 'true' }, '◇'), `${t('unknown')} / ${t('ended')}`)),
    h('ul', {}, h('li', { class: 'head' }, `${t('tier')}:`), HEAD.tiers.slice().reverse().map(tier), h('li', { class: 'head' }, t('thickness')))));
}

// ---- filters ----
function filters() {
  const s = store.state, box = el('choices'), active = FILTERS.filter(f => s[f]).length;
  if (!box) return;
  el('filters').querySelector('summary').textContent = active ? `${t('filters')} (${active})` : t('filters');
  lensButtons();
  if (!el('filters').open) return;
  box.replaceChildren(...FILTERS.map(f => choice(f)), h('p', { class: 'actions' }, h('button', { type: 'button', onclick: () => store.set(Object.fromEntries([...FILTERS, 'on'].map(k => [k, '']))) }, t('clear'))));
}
function choice(filter) {
  const s = store.state, counts = choices(s, filter);
  if (s[filter] && !counts.has(s[filter])) counts.set(s[filter], 0);
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 400);
  return h('label', {}, h('span', {}, t(filter)), h('select', { 'data-filter': filter, onchange: e => { const id = `[data-filter="${filter}"]`; store.set({ [filter]: e.target.value, open: '' }); document.querySelector(id)?.focus(); } }, h('option', { value: '' }, t('any')), ordered.map(([v, n]) => h('option', { value: v, selected: v === s[filter] }, `${choiceName(filter, v)} (${n})`))));
}
function choiceName(filter, value) {
  const lists = { form: 'types', topic: 'topics' };
  if (filter === 'status') return t(value);
  if (filter === 'grade') return gradeName(value);
  const id = lists[filter] ? `${lists[filter]}/${value.split('/').pop()}` : value;
  return G.has(id) ? G.name(id, store.state.lang) : value;
}

function crumbs() {
  const s = store.state, active = [...FILTERS, 'on'].filter(f => s[f]), n = store.scene.agreements.length, m = G.agreements.length;
  el('crumbs').replaceChildren(...[
    s.open ? h('button', { type: 'button', id: 'back', onclick: () => store.set({ open: '', sel: '' }) }, `← ${t('back')}`) : null,
    s.open && titleOf(s.open).length < 70 ? h('strong', {}, titleOf(s.open)) : null,
    h('span', {}, t('shown', { n, m })), n < m ? h('button', { type: 'button', id: 'all', onclick: () => store.set({ open: '', sel: '', ...Object.fromEntries([...FILTERS, 'on'].map(k => [k, ''])) }) }, t('showAll')) : null,
    store.scene.capped ? h('span', {}, ` · ${t('capped', { n: store.scene.capped[0], m: store.scene.capped[1] })}`) : null,
    ...active.map(f => h('button', { type: 'button', class: 'chip', onclick: () => store.set({ [f]: '' }), 'aria-label': `${t('clear')}: ${f === 'on' ? s.on : choiceName(f, s[f])}` }, `${f === 'on' ? `${t('asOf')} ${day(s.on)}` : choiceName(f, s[f])} ×`)),
  ].filter(Boolean));
}

// ---- the card and the tables ----
function showCard() {
  const s = store.state;
  document.body.dataset.card = s.sel || s.open ? 'yes' : 'no';
  if (s.sel) card.entity(s.sel);
  else if (s.open.includes('~')) card.pair(s.open);
  else if (s.open) card.entity(s.open);
  else card.intro();
}

function tables() {
  const scene = store.scene, language = store.state.lang, name = id => id.startsWith('=') ? id.slice(1).split('~').map(p => G.name(p, language)).join(' – ') : G.name(id, language);
  const near = new Map(scene.nodes.map(n => [n.id, []]));
  for (const e of scene.edges) { near.get(e.one)?.push([e.other, e.weight]); near.get(e.other)?.push([e.one, e.weight]); }
  const linked = id => { const all = (near.get(id) ?? []).sort((a, b) => b[1] - a[1]); return all.slice(0, 12).map(([o, w]) => name(o) + (w > 1 ? ` (${w})` : '')).join(', ') + (all.length > 12 ? ` … ${t('more', { n: all.length - 12 })}` : ''); };
  const rows = [...scene.nodes, ...(scene.more ?? [])].sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1)).map(n => h('tr', {}, h('th', { scope: 'row' }, h('button', { type: 'button', class: 'go', onclick: () => { store.go(n.id); el('card').focus(); } }, name(n.id))), h('td', {}, t(`kind_${n.kind}`)), h('td', { class: 'n' }, n.weight), h('td', {}, linked(n.id))));
  const most = 400, line = a => h('tr', {}, h('th', { scope: 'row' }, h('button', { type: 'button', class: 'go', onclick: () => { store.go(a.id); el('card').focus(); } }, name(a.id))), h('td', {}, a.signed ? day(a.signed) : t('unknown')), h('td', {}, a.parties.map(name).join(', ')), h('td', {}, t(statusOn(a, store.state.on))));
  const body = h('tbody', {}, scene.agreements.slice(0, most).map(line)), rest = scene.agreements.slice(most);
  const further = rest.length ? h('p', { class: 'actions' }, h('button', { type: 'button', onclick: e => { body.append(...rest.map(line)); e.target.parentElement.remove(); } }, t('more', { n: rest.length }))) : null;
  el('listing').replaceChildren(
    h('details', { open: listingOpen }, h('summary', {}, t('tableOf')), h('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': t('tableOf') }, h('table', {}, h('caption', {}, `${store.state.open ? titleOf(store.state.open) : t(`lens_${store.state.lens}`)} · ${t('shown', { n: scene.agreements.length, m: G.agreements.length })}`), h('thead', {}, h('tr', {}, [t('name'), t('kind'), t('number'), t('linked')].map(c => h('th', { scope: 'col' }, c)))), h('tbody', {}, rows)))),
    h('details', {}, h('summary', {}, `${t('agreementsList')} · ${scene.agreements.length}`), h('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': t('agreementsList') }, h('table', {}, h('thead', {}, h('tr', {}, [t('name'), t('signed'), t('party'), t('status')].map(c => h('th', { scope: 'col' }, c)))),
      body)), further));
  el('listing').querySelector('details').addEventListener('toggle', e => { listingOpen = e.target.open; });
}
let listingOpen = true;

// ---- search ----
const finder = new Finder();
// Names are folded when the page is at rest, or at the first search before that.
function index() {
  if (finder.entries.length) return finder;
  for (const id of G.ids) {
    if (!HEAD.style.kinds[folder(id)]) continue;
    const names = ['name', 'title', 'altLabel', 'officialName'].flatMap(key => G.names(id, key).map(pair => pair[0]));
    const weight = folder(id) === 'agreements' ? 0 : Math.min(0.9, (folder(id) === 'states' ? 0.3 : 0.1) + (G.back('party', id).length + G.back('signatory', id).length) / 400);
    finder.add(id, [...names, stem(id).replace(/-/g, ' '), ...G.values(id, 'code')], weight);
  }
  return finder;
}
let hit = -1;
function look() {
  const text = el('search').value, found = index().search(text, 12), box = el('hits');
  hit = -1;
  box.replaceChildren(...found.map((id, i) => h('li', { role: 'option', id: `hit-${i}`, 'aria-selected': 'false', 'data-id': id, onpointerdown: e => { e.preventDefault(); take(id); } }, glyph(folder(id)), h('span', {}, G.name(id, store.state.lang)), h('small', {}, [t(`kind_${folder(id)}`), G.one(id, 'signed') && day(G.one(id, 'signed'))].filter(Boolean).join(' · ')))));
  if (text.trim() && !found.length) box.replaceChildren(h('li', { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, t('nothing')));
  box.hidden = !text.trim(); el('search').setAttribute('aria-expanded', String(!box.hidden)); el('search').removeAttribute('aria-activedescendant');
  if (text.trim()) say(found.length ? t('results', { n: found.length }) : t('nothing'));
}
function take(id) { el('hits').hidden = true; el('search').setAttribute('aria-expanded', 'false'); el('search').value = G.name(id, store.state.lang); store.go(id); }
function searchKeys(event) {
  const all = [...el('hits').querySelectorAll('[data-id]')];
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (el('hits').hidden) look();
    hit = Math.max(0, Math.min(all.length - 1, hit + (event.key === 'ArrowDown' ? 1 : -1)));
    all.forEach((li, i) => li.setAttribute('aria-selected', String(i === hit)));
    if (all[hit]) { el('search').setAttribute('aria-activedescendant', all[hit].id); all[hit].scrollIntoView({ block: 'nearest' }); }
    event.preventDefault();
  } else if (event.key === 'Enter' && all.length) { take(all[Math.max(0, hit)].dataset.id); event.preventDefault(); }
  else if (event.key === 'Escape') { el('hits').hidden = true; el('search').setAttribute('aria-expanded', 'false'); }
}

// ---- start ----
function tip(text, at) {
  const box = el('tip');
  box.hidden = !text;
  if (!text) return;
  box.textContent = text;
  box.style.left = `${Math.max(4, Math.min(at.x + 14, el('stage').clientWidth - box.offsetWidth - 6))}px`;
  box.style.top = `${Math.max(4, Math.min(at.y + 14 + el('picture').offsetTop, el('stage').clientHeight - box.offsetHeight - 6))}px`;
}

const on = {
  pick(id, keyboard) {
    if (!G) return;
    if (id?.startsWith('=')) { if (!keyboard) return store.set({ open: id, sel: '' }); store.picture.choose(id); say(tipOf(store.picture.byId.get(id))); return; }
    if (id) store.go(id); else if (store.state.sel) store.set({ sel: '' });
  },
  edge(edge) {
    if (!G) return;
    if (edge.pair) store.go(edge.pair);
    else if (edge.plain) on.pick(edge.one);
    else if (edge.id.includes('~~')) on.pick(edge.other);
    else store.go(edge.id);
  },
  open(id) { if (G) store.set(id.startsWith('=') ? { open: id, sel: '' } : { sel: id, open: id }); },
  enter(id) { this.open(id); },
  back() { if (store.state.sel) store.set({ sel: '' }); else if (store.state.open) store.set({ open: '' }); },
  tip,
};

let card, time, reader;
function firstPaint() {
  document.documentElement.dataset.theme = remember.get('theme') || '';
  if (!document.documentElement.dataset.theme) delete document.documentElement.dataset.theme;
  store.picture = new Picture(el('picture'), on);
  const nodes = HEAD.nodes.map(n => ({ id: n.id, kind: n.kind, x: n.x, y: n.y, size: n.size, weight: n.weight, core: n.core, hollow: n.hollow, group: n.id.startsWith('=') }));
  const edges = HEAD.edges.map(e => ({ id: e.id, one: e.from, other: e.to, weight: e.weight, tier: e.tier, plain: HEAD.state.lens === 'agreements' }));
  if (!location.hash && !START.open) { store.picture.show({ nodes, edges }); store.first = true; }
  interfaceWords();
  performance.mark('accords-painted');
}

async function start() {
  firstPaint();
  begin(await unpack());
}

// Everything that wants the graph; at once where a script asks before the data is through.
function begin(graph) {
  if (G) return;
  G = graph;
  el('body').remove();
  card = new Card(el('card')); reader = new Reader(); time = new Time(el('time'));
  store.state = readHash();
  interfaceWords();
  store.refresh();
  el('search').addEventListener('input', look); el('search').addEventListener('keydown', searchKeys);
  el('search').addEventListener('blur', () => { el('hits').hidden = true; el('search').setAttribute('aria-expanded', 'false'); });
  el('search').addEventListener('focus', () => { if (el('search').value) el('search').select(); });
  addEventListener('hashchange', moved); addEventListener('popstate', moved);
  document.addEventListener('click', e => document.querySelectorAll('details.menu[open]').forEach(d => { if (!d.contains(e.target)) d.open = false; }));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => store.picture.repaint());
  document.addEventListener('keydown', e => { if (e.key === '/' && !/INPUT|TEXTAREA|SELECT/.test(e.target.tagName)) { el('search').focus(); e.preventDefault(); } });
  let closed = [];
  addEventListener('beforeprint', () => { closed = [...document.querySelectorAll('#card details:not([open]), #listing details:not([open])')]; closed.forEach(d => { d.open = true; }); });
  addEventListener('afterprint', () => closed.forEach(d => { d.open = false; }));
  document.body.dataset.ready = 'yes';
  performance.mark('accords-ready');
  later(index);
}
function moved() {
  const before = store.state, now = readHash();
  if (Object.keys(now).every(k => now[k] === before[k])) return;
  store.state = now;
  store.refresh(before);
}

const ready = start();
const now = work => (...given) => { if (!G) begin(unpackNow()); return work(...given); };
window.accords = {
  ready: ready.then(() => true),
  nodes: now(() => Object.keys(HEAD.style.kinds).flatMap(kind => G.of(kind)).map(id => ({ id, kind: folder(id), label: G.name(id, store.state.lang) }))),
  select: now(id => { if (!G.has(id) && !String(id).includes('~')) return false; store.go(String(id)); return true; }),
  search: now(text => index().search(String(text))),
  asOf: now(date => { if (!/^(\d{4}(-\d\d(-\d\d)?)?)?$/.test(date ?? '')) return false; store.set({ on: date ?? '' }); return true; }),
  visible: now(() => [...new Set([...store.scene.nodes.filter(n => !n.group).map(n => n.id), ...store.scene.agreements.map(a => a.id)])]),
  state: now(() => ({ ...store.state })),
};
