// The card of one thing: what is accepted, where it stands, and who says so.
const FACTS = {
  agreements: ['type', 'party', 'signed', 'place', 'event', 'signature', 'inForce', 'ended', 'subject', 'purpose', 'principle', 'commitment', 'creates', 'depositary', 'registration', 'history'],
  states: ['officialName', 'code', 'region'], organizations: ['officialName', 'type', 'partOf', 'place', 'founded', 'ended', 'member'],
  people: ['tenure'], events: ['type', 'start', 'end', 'place', 'host', 'visitor', 'participant', 'status'], places: ['type', 'country', 'region'], articles: ['author', 'published', 'publisher', 'language', 'rights', 'mentions'],
};
const LADDER = [['references', 'references', false], ['referencedBy', 'references', true], ['replaces', 'replaces', false], ['replacedBy', 'replaces', true], ['amends', 'amends', false], ['amendedBy', 'amends', true], ['createdBy', 'creates', true]];

function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'class') node.className = value;
    else if (key === 'href') { if (/^(https?:\/\/|mailto:|#|blob:|data:)/i.test(value)) node.setAttribute('href', value); }
    else node.setAttribute(key, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false && child !== '') node.append(child instanceof Node ? child : String(child));
  return node;
}

const t = (key, with_ = {}) => {
  const words = HEAD.words[store.state.lang] ?? HEAD.words.en;
  return String(words[key] ?? HEAD.words.en[key] ?? key).replace(/\{(\w+)\}/g, (_, k) => typeof with_[k] === 'number' ? with_[k].toLocaleString(LOCALES[store.state.lang]) : with_[k] ?? '');
};
const LOCALES = { en: 'en-GB', ru: 'ru-RU', uz: 'uz-UZ', kk: 'kk-KZ' };

// A date with the precision that its source gives, no more.
function day(date) {
  const [y, m, d] = String(date).split('-');
  if (!m) return y;
  const month = t('months').split(' ')[Number(m) - 1] ?? m;
  return d ? `${Number(d)} ${month} ${y}` : `${month} ${y}`;
}
const precision = date => t({ 4: 'yearPrecision', 7: 'monthPrecision' }[date.length] ?? 'dayPrecision');

const OWN = { act: 'act_', about: 'about_' };
const keyName = key => HEAD.words[store.state.lang][OWN[key] ?? key] ? t(OWN[key] ?? key) : G.words[key]?.[store.state.lang] ?? G.words[key]?.[store.state.lang === 'en' ? 'en' : 'ru'] ?? G.words[key]?.en ?? key;
const link = (id, text) => h('button', { class: `go k-${folder(id)}`, type: 'button', onclick: () => store.go(id) }, glyph(folder(id)), h('span', {}, text ?? G.name(id, store.state.lang)));

// The small shape of a kind, the same as in the picture.
function glyph(kind) {
  const shapes = { dot: 'M8 2a6 6 0 1 0 .01 0z', square: 'M3 3h10v10H3z', triangle: 'M8 2l6.5 11.5h-13z', diamond: 'M8 1l6.5 7L8 15 1.5 8z', star: 'M8 1l2 4.8 5.2.3-4 3.4 1.3 5L8 11.7 3.5 14.5l1.3-5-4-3.4L6 5.8z', triangleDown: 'M8 14L1.5 2.5h13z', hexagon: 'M4.5 2h7L15 8l-3.5 6h-7L1 8z' };
  const style = HEAD.style.kinds[kind];
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 16 16'); svg.setAttribute('class', 'glyph'); svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', shapes[style?.shape ?? 'dot']); path.setAttribute('fill', style?.color ?? '#888');
  svg.append(path);
  return svg;
}

// ---- evidence: for a record and what stands inside it, which source says which values ----
function statementsOf(id) {
  const parts = [id, ...['signature', 'consent', 'commitment', 'tenure', 'assessment'].flatMap(key => G.values(id, key))];
  const bySource = new Map();
  for (const part of parts) for (const [source, ...entries] of G.evidence.get(G.number.get(part)) ?? []) {
    if (!bySource.has(source)) bySource.set(source, []);
    for (const entry of entries) {
      const key = G.keys[Array.isArray(entry) ? entry[0] : entry], plain = key.split('@')[0];
      const accepted = new Set(list(G.record(part)[key]).map(String));
      const values = Array.isArray(entry) ? entry.slice(1) : list(G.record(part)[key]);
      for (const value of values) bySource.get(source).push({ part, key: plain, language: key.split('@')[1] ?? '', value: G.references.has(plain) && typeof value === 'number' ? G.ids[value] : String(value), accepted: accepted.has(String(value)), modality: G.words[plain]?.modality ?? 'description' });
    }
  }
  return [...bySource].sort((a, b) => sourceRank(a[0]) - sourceRank(b[0]) || a[0] - b[0]);
}
const sourceRank = s => ({ quote: 0, official: 1, 'legal-database': 2, international: 3, institute: 4, reference: 5, news: 6 })[G.grade(s)] ?? 7;

const SKIPPED = new Set(['descriptive', 'seen', 'text', 'sha256', 'signature', 'consent', 'commitment', 'tenure', 'assessment', 'status']);

function shown(value, key) {
  if (G.references.has(key) && G.has(value)) return G.name(value, store.state.lang);
  if (/^\d{4}(-\d\d){0,2}$/.test(value)) return day(value);
  return value;
}

// What sources say differently from what is accepted: by key, value -> sources.
function rivals(statements) {
  const found = new Map();
  for (const [source, said] of statements) for (const s of said) {
    if (s.accepted || SKIPPED.has(s.key) || s.language) continue;
    const key = `${s.part} ${s.key}`;
    if (!found.has(key)) found.set(key, new Map());
    const values = found.get(key);
    values.set(s.value, [...(values.get(s.value) ?? []), source]);
  }
  return found;
}

class Card {
  constructor(box) { this.box = box; }
  show(...children) { this.box.replaceChildren(...children.flat(Infinity).filter(Boolean)); this.box.scrollTop = 0; this.box.parentElement.scrollTop = 0; }

  intro() {
    const pairs = pairsOf(store.shown).filter(p => REGION.has(p.one) || REGION.has(p.other)).reverse().slice(0, 8), people = OVERVIEWS.leaders(store.shown).nodes.slice(0, 6), articles = G.of('articles');
    this.show(
      h('h2', {}, t('intro')), h('p', { class: 'lead' }, t('intro1')), h('p', {}, t('intro2')),
      h('h3', {}, t('topPairs')), h('ol', { class: 'bars' }, pairs.map(p => h('li', {}, h('button', { type: 'button', class: 'bar', onclick: () => store.go(p.id) }, h('span', {}, `${G.name(p.one, store.state.lang)} – ${G.name(p.other, store.state.lang)}`), meter(p.weight, pairs[0].weight), h('b', {}, p.weight))))),
      people.length ? [h('h3', {}, t('topLeaders')), h('ol', { class: 'bars' }, people.map(n => h('li', {}, h('button', { type: 'button', class: 'bar', onclick: () => store.go(n.id) }, h('span', {}, G.name(n.id, store.state.lang)), meter(n.weight, people[0].weight), h('b', {}, n.weight)))))] : null,
      articles.length ? [h('h3', {}, t('stored')), h('ul', { class: 'plain' }, articles.map(id => h('li', {}, h('button', { type: 'button', class: 'go', onclick: () => store.set({ read: id }) }, glyph('articles'), h('span', {}, G.name(id, store.state.lang))))))] : null,
    );
  }

  entity(id) {
    const kind = folder(id), said = statementsOf(id), numbers = new Map(said.map(([s], i) => [s, i + 1])), other = rivals(said);
    const noted = { said, numbers, other };
    this.show(
      this.head(id, kind), this.actions(id, kind), this.names(id),
      kind === 'agreements' ? this.life(id) : null,
      h('dl', { class: 'facts' }, FACTS[kind].map(key => this.fact(id, key, noted))),
      kind === 'agreements' ? this.consents(id, noted) : null, this.ladder(id), this.lists(id, kind), this.inArticle(id), this.sources(id, noted),
    );
  }
  head(id, kind) {
    return h('header', { class: `cardhead k-${kind}` }, h('p', { class: 'kind' }, glyph(kind), t(`kind_${kind}`), kind === 'agreements' && G.one(id, 'signed') ? ` · ${day(G.one(id, 'signed'))}` : ''), h('h2', { lang: langOf(id) }, G.name(id, store.state.lang)));
  }
  actions(id, kind) {
    const read = kind === 'articles' && G.stored[id];
    return h('p', { class: 'actions' },
      store.state.open === id ? h('button', { type: 'button', onclick: () => store.set({ open: '' }) }, `← ${t('back')}`) : h('button', { type: 'button', class: 'main', onclick: () => store.set({ open: id }) }, t('openNet')),
      read ? h('button', { type: 'button', class: 'main', onclick: () => store.set({ read: id }) }, t('read')) : null,
      h('button', { type: 'button', onclick: () => cite(id) }, t('cite')));
  }
  names(id) {
    const rows = [...G.names(id, 'name'), ...G.names(id, 'title')], also = G.names(id, 'altLabel'), ours = new Set(G.values(id, 'descriptive'));
    if (rows.length + also.length < 2) return null;
    return h('details', { class: 'names', open: rows.length <= 4 }, h('summary', {}, t('names')), h('ul', { class: 'plain' },
      rows.map(([text, codes]) => h('li', {}, h('span', { class: 'code' }, codes.join(' ')), h('span', { lang: codes[0] }, text), codes.some(c => ours.has(c)) ? h('em', {}, ` (${t('rendered')})`) : null)),
      also.map(([text, codes]) => h('li', {}, h('span', { class: 'code' }, codes.join(' ')), h('span', { lang: codes[0] }, text), h('em', {}, ` ${t('alias')}`)))));
  }
  fact(id, key, noted) {
    const language = store.state.lang, plain = ['purpose', 'principle', 'history', 'officialName', 'rights'].includes(key);
    const values = plain ? G.texts(id, key, language) : G.values(id, key);
    const rival = noted.other.get(`${id} ${key}`);
    if (!values.length && !rival) return null;
    const shownValues = values.filter(v => G.references.has(key) ? G.has(v) : true).slice(0, 60);
    return [h('dt', {}, keyName(key)), h('dd', {}, shownValues.map(v => this.value(id, key, v, noted)), rival ? this.rival(id, key, values, rival, noted) : null)];
  }
  value(id, key, value, noted) {
    const marks = this.notes(noted, id, key, value);
    if (key === 'signature') return h('div', { class: 'value' }, this.signature(value, noted));
    if (key === 'commitment') return h('div', { class: 'value' }, this.commitment(value, noted));
    if (key === 'tenure') return h('div', { class: 'value' }, this.tenure(value), this.notes(noted, value, null, null));
    if (key === 'type' || key === 'status' || key === 'subject') return h('span', { class: 'chip' }, G.name(value, store.state.lang), marks);
    if (G.references.has(key) && G.has(value) && HEAD.style.kinds[folder(value)]) return h('div', { class: 'value' }, link(value), marks);
    if (G.references.has(key) && G.has(value)) return h('div', { class: 'value' }, G.name(value, store.state.lang), marks);
    if (/^\d{4}(-\d\d){0,2}$/.test(value)) return h('div', { class: 'value' }, h('time', { datetime: value }, day(value)), value.length < 10 ? h('em', {}, ` (${precision(value)})`) : null, marks);
    return h('div', { class: 'value' }, value, marks);
  }
  // small numbers that lead to the sources which say this very value
  notes(noted, part, key, value) {
    const found = noted.said.filter(([, said]) => said.some(s => s.part === part && (key === null || (s.key === key && (s.value === value || s.language)))));
    return found.length ? h('sup', { class: 'notes' }, found.slice(0, 6).map(([s]) => h('button', { type: 'button', class: 'note', 'aria-label': `${t('evidence')} ${noted.numbers.get(s)}`, onclick: () => toSource(noted.numbers.get(s)) }, noted.numbers.get(s))), found.length > 6 ? '…' : null) : null;
  }
  rival(id, key, values, rival, noted) {
    const why = G.because[id]?.[key];
    return h('div', { class: 'rival' }, [...rival].map(([value, sources]) => h('p', {}, h('span', { class: 'tag' }, t('rival')), ' ', h('s', {}, shown(value, key)), ' ', h('sup', {}, sources.map(s => h('button', { type: 'button', class: 'note', 'aria-label': `${t('evidence')} ${noted.numbers.get(s)}`, onclick: () => toSource(noted.numbers.get(s)) }, noted.numbers.get(s)))))),
      why ? h('p', { class: 'why' }, h('b', {}, `${t('because')}: `), why[store.state.lang] ?? why.en ?? Object.values(why)[0]) : null);
  }
  signature(id, noted) {
    const language = store.state.lang, person = G.one(id, 'signatory'), office = G.one(id, 'office'), held = G.one(id, 'signedAs'), party = G.one(id, 'for');
    return [person ? link(person) : null, h('span', { class: 'office' }, office ? G.name(office, language) : held ? [G.name(held, language), h('em', { title: t('officeKnown') }, ' *')] : '', party ? ` — ${t('for')} ${G.name(party, language)}` : '', this.notes(noted, id, null, null))];
  }
  commitment(id, noted) {
    const language = store.state.lang, words = key => G.values(id, key).map(v => G.name(v, language)).join(', ');
    return h('div', { class: 'commitment' }, h('span', { class: 'm intent' }, words('stance') || t('intent')), ' ', G.texts(id, 'undertaking', language).join(' '), this.notes(noted, id, null, null), G.values(id, 'sector').length ? h('p', { class: 'sub' }, `${t('sector')}: ${words('sector')}`) : null);
  }
  tenure(id) {
    const language = store.state.lang, office = G.one(id, 'office'), of = G.one(id, 'of'), from = G.one(id, 'start'), to = G.one(id, 'end');
    return [h('span', {}, office ? G.name(office, language) : G.name(G.one(id, 'role'), language)), of && G.has(of) ? [' ', link(of)] : null, from || to ? h('span', { class: 'span' }, ` ${from ? day(from) : '?'} – ${to ? day(to) : ''}`) : null];
  }
  // signed, consent of each party, in force, end: a track in order of time, what is not known said so
  life(id) {
    const a = G.byId.get(id), language = store.state.lang;
    const stops = [[t('signed'), a.signed], ...G.values(id, 'consent').map(c => [`${G.name(G.one(c, 'step'), language)} · ${G.name(G.one(c, 'party'), language)}`, G.one(c, 'date')]), [t('inForce'), a.inForce], ...(a.ended ? [[t('ended'), a.ended]] : [])];
    const known = stops.filter(s => s[1]).sort((x, y) => x[1] < y[1] ? -1 : 1), open = stops.filter(s => !s[1]);
    return h('section', {}, h('h3', {}, t('life')), h('ol', { class: 'track' }, [...known, ...open].map(([what, when]) => h('li', { class: when ? 'known' : 'open' }, h('b', {}, what), h('span', {}, when ? day(when) : t('unknown'))))));
  }
  consents(id, noted) {
    const all = G.values(id, 'consent'), language = store.state.lang;
    return all.length ? h('section', {}, h('h3', {}, t('consent')), h('ul', { class: 'plain' }, all.map(c => h('li', {}, link(G.one(c, 'party')), ` ${G.name(G.one(c, 'step'), language)}${G.one(c, 'date') ? `, ${day(G.one(c, 'date'))}` : ''}`, G.texts(c, 'act', language).map(x => h('p', { class: 'sub' }, x)), G.one(c, 'inForce') ? h('p', { class: 'sub' }, `${t('inForce')}: ${day(G.one(c, 'inForce'))}`) : null, this.notes(noted, c, null, null))))) : null;
  }
  ladder(id) {
    const groups = LADDER.map(([label, key, turned]) => [label, turned ? G.back(key, id) : key === 'creates' ? [] : G.values(id, key)]).filter(g => g[1].length);
    return groups.length ? h('section', {}, h('h3', {}, t('ladder')), groups.map(([label, ids]) => [h('p', { class: 'sub' }, t(label)), listOf(ids)])) : null;
  }
  lists(id, kind) {
    const result = [], section = (title, body) => result.push(h('section', {}, h('h3', {}, title), body));
    if (kind === 'people') {
      const mine = G.back('signatory', id).map(s => G.parent(s));
      if (mine.length) section(`${t('signedList')} · ${mine.length}`, listOf(mine));
      const others = new Map(); for (const a of mine) for (const s of G.byId.get(a)?.signatures ?? []) if (s.person !== id) others.set(s.person, (others.get(s.person) ?? 0) + 1);
      if (others.size) section(t('signedWith'), h('ul', { class: 'plain' }, [...others].sort((x, y) => y[1] - x[1]).slice(0, 20).map(([p, n]) => h('li', {}, link(p), h('b', { class: 'n' }, n)))));
    }
    if (kind === 'states' || (kind === 'organizations' && G.back('party', id).length)) {
      const pairs = pairsOf(store.shown.filter(a => a.parties.includes(id))).filter(p => p.one === id || p.other === id).reverse();
      if (pairs.length) section(`${t('partners')} · ${pairs.length}`, h('ol', { class: 'bars' }, pairs.slice(0, 40).map(p => { const o = p.one === id ? p.other : p.one; return h('li', {}, h('button', { type: 'button', class: 'bar', onclick: () => store.go(p.id) }, h('span', {}, G.name(o, store.state.lang)), meter(p.weight, pairs[0].weight), h('b', {}, p.weight))); })));
    }
    for (const [title, key, only] of [['agreementsList', 'event', 'agreements'], ['agreementsList', 'place', 'agreements'], ['events', 'place', 'events'], ['events', 'visitor', 'events'], ['memberOf', 'member', 'organizations'], ['parts', 'partOf', 'organizations'], ['tenure', 'of', 'tenures']]) {
      const ids = [...new Set(G.back(key, id).filter(i => folder(i) === only).map(i => only === 'tenures' ? G.parent(i) : i))];
      if (ids.length && !(kind === 'states' && only === 'tenures' && ids.length > 80)) section(`${t(title)} · ${ids.length}`, listOf(ids));
    }
    if (kind === 'articles') { const claims = G.values(id, 'assessment'); if (claims.length) section(t('assessments'), h('ul', { class: 'plain' }, claims.map(c => h('li', {}, h('span', { class: 'm assessment' }, G.values(c, 'type').filter(v => G.has(v)).map(v => G.name(v, store.state.lang)).join(', ')), ' ', G.texts(c, 'claim', store.state.lang).join(' '))))); }
    const claims = G.back('about', id);
    if (claims.length) section(t('assessments'), h('ul', { class: 'plain' }, claims.map(c => h('li', {}, h('span', { class: 'm assessment' }, t('assessment')), ' ', G.texts(c, 'claim', store.state.lang).join(' '), ' — ', link(G.parent(c))))));
    return result;
  }
  inArticle(id) {
    const own = new Set([id, ...['signature', 'consent', 'commitment', 'tenure'].flatMap(k => G.values(id, k))]);
    const by = new Map(); G.marks.forEach(m => { if (m.of.some(n => own.has(G.ids[n]))) by.set(m.in, (by.get(m.in) ?? 0) + 1); });
    return by.size ? h('section', {}, h('h3', {}, t('inArticle')), h('ul', { class: 'plain' }, [...by].map(([article, n]) => h('li', {}, h('button', { type: 'button', class: 'go', onclick: () => store.set({ read: article, mark: id }) }, glyph('articles'), h('span', {}, G.name(article, store.state.lang))), ` ${t('marksCount', { n })}`)))) : null;
  }
  sources(id, noted) {
    if (!noted.said.length) return null;
    return h('section', { class: 'sources' }, h('h3', {}, `${t('evidence')} · ${t('sources', { n: noted.said.length })}`), h('ol', {}, noted.said.map(([s, said], i) => this.source(id, s, said, i + 1))));
  }
  source(id, s, said, number) {
    const [address, publisher, seen] = G.sources[s], stored = address.startsWith('articles/'), house = G.publishers[publisher];
    const own = new Set([id, ...said.map(x => x.part)]), marks = stored ? G.marks.filter(m => m.in === address && m.of.some(n => own.has(G.ids[n]))) : [];
    const unique = [...new Map(said.filter(x => !SKIPPED.has(x.key)).map(x => [`${x.part}${x.key}${x.value}`, x])).values()];
    return h('li', { id: `source-${number}`, tabindex: '-1' },
      h('p', { class: 'from' }, h('span', { class: `grade g-${stored ? 'quote' : 'page'}`, title: t(stored ? 'gradeQuoteIs' : 'gradePageIs') }, t(stored ? 'grade_quote' : 'grade_page')), ' ',
        stored ? h('button', { type: 'button', class: 'go', onclick: () => store.set({ read: address, mark: id }) }, G.name(address, store.state.lang)) : h('a', { href: address, rel: 'noopener noreferrer', target: '_blank' }, house ? pick(house, 'name') : publisher || address), house ? h('span', { class: 'sub' }, ` · ${gradeName(G.grade(s))}`) : null, seen ? h('span', { class: 'sub' }, ` · ${t('seen')} ${day(seen)}`) : null),
      stored ? null : h('p', { class: 'address' }, address),
      marks.length ? h('ul', { class: 'plain quotes' }, marks.slice(0, 12).map(m => h('li', {}, h('q', { lang: G.one(m.in, 'language') }, quoteOf(m)), m.inferred ? h('em', {}, ` (${t('inferred')})`) : null))) : null,
      h('details', {}, h('summary', {}, `${t('says')}: ${[...new Set(unique.map(x => keyName(x.key)))].join(', ')}`), h('ul', { class: 'plain says' }, unique.map(x => h('li', { class: x.accepted ? '' : 'no' }, h('span', { class: `m ${x.modality}` }, keyName(x.key)), ` ${shown(x.value, x.key)}${x.language ? ` (${x.language})` : ''}`, x.accepted ? null : h('em', {}, ` — ${t('rival')}`))))));
  }

  // two or more parties: their ladder and their agreements in order of time
  pair(open) {
    const exact = open.startsWith('='), parties = (exact ? open.slice(1) : open).split('~').filter(Boolean), scene = sceneOf({ ...store.state, open });
    const members = scene.agreements, rungs = members.filter(a => G.tier(a) > 0);
    const alone = members.filter(a => a.parties.length === parties.length).length, people = parties.every(p => folder(p) === 'people');
    const years = new Map(); for (const a of members) { const y = a.signed.slice(0, 4) || t('undated'); years.set(y, [...(years.get(y) ?? []), a]); }
    this.show(
      h('header', { class: 'cardhead' }, h('p', { class: 'kind' }, t('kind_pair')), h('h2', {}, parties.map(p => G.name(p, store.state.lang)).join(' – '))),
      h('p', { class: 'actions' }, store.state.open === open ? h('button', { type: 'button', onclick: () => store.set({ open: '' }) }, `← ${t('back')}`) : h('button', { type: 'button', class: 'main', onclick: () => store.set({ open }) }, t('openNet')), h('button', { type: 'button', onclick: () => cite(open) }, t('cite'))),
      h('p', { class: 'lead' }, h('b', {}, t('agreementsN', { n: members.length })), people ? '' : ` · ${t('bilateral', { n: alone })}`), statusLine(members),
      h('p', { class: 'actions' }, parties.map(p => link(p))),
      rungs.length ? h('section', {}, h('h3', {}, t('ladder')), h('ol', { class: 'track' }, rungs.slice(0, 30).map(a => h('li', { class: `known rung-${HEAD.tiers[G.tier(a)]}` }, h('b', {}, t(`tier_${HEAD.tiers[G.tier(a)]}`)), link(a.id), h('span', {}, a.signed ? day(a.signed) : t('unknown')))))) : null,
      h('section', {}, h('h3', {}, t('timeline')), [...years].map(([year, all]) => h('div', { class: 'year' }, h('h4', {}, year), h('ul', { class: 'plain' }, all.map(a => h('li', {}, link(a.id), h('span', { class: `state s-${statusOn(a, store.state.on)}` }, t(statusOn(a, store.state.on))))))))),
    );
  }
}

const meter = (n, most) => { const bar = h('i', { class: 'meter', 'aria-hidden': 'true' }); bar.style.setProperty('--part', `${Math.round(100 * n / most)}%`); return bar; };
const langOf = id => Object.keys(G.record(id)).some(k => k.endsWith(`@${store.state.lang}`) && /^(name|title)@/.test(k)) ? store.state.lang : 'en';
const pick = (record, key) => String(record[`${key}@${store.state.lang}`] ?? record[`${key}@${store.state.lang === 'en' ? 'en' : 'ru'}`] ?? record[`${key}@en`] ?? Object.values(record)[0] ?? '');
const gradeName = grade => grade === 'quote' || grade === 'page' ? t(`grade_${grade}`) : G.has(`kinds/${grade}`) ? G.name(`kinds/${grade}`, store.state.lang) : grade;
const quoteOf = mark => [...(G.stored[mark.in] ?? '')].slice(mark.start, mark.end).join('');

function listOf(ids) {
  const ordered = [...new Set(ids)].sort((a, b) => sortKey(a) < sortKey(b) ? -1 : 1), most = 60;
  const item = id => h('li', {}, link(id), G.byId.has(id) && G.one(id, 'signed') ? h('span', { class: 'span' }, ` ${day(G.one(id, 'signed'))}`) : null);
  const rest = ordered.slice(most);
  return [h('ul', { class: 'plain' }, ordered.slice(0, most).map(item)), rest.length ? h('details', {}, h('summary', {}, t('more', { n: rest.length })), h('ul', { class: 'plain' }, rest.map(item))) : null];
}

function statusLine(members) {
  const counts = { 'in-force': 0, ended: 0, unknown: 0, planned: 0 };
  members.forEach(a => { counts[statusOn(a, store.state.on)]++; });
  return h('p', { class: 'states' }, Object.entries(counts).filter(c => c[1]).map(([s, n]) => h('span', { class: `state s-${s}` }, `${t(s)} ${n}`)));
}

function toSource(number) {
  const target = document.getElementById(`source-${number}`);
  if (!target) return;
  target.querySelector('details')?.setAttribute('open', '');
  target.scrollIntoView({ block: 'center', behavior: calm() ? 'auto' : 'smooth' });
  target.focus({ preventScroll: true });
}
