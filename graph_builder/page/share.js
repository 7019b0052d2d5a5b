// What leaves the page: links, citations, the question behind the view, pictures and data.
const PREFIXES = `PREFIX dip: <${HEAD.base}diplomacy#>\nPREFIX dcterms: <http://purl.org/dc/terms/>\n`;

const iriOf = id => `<${HEAD.base}${id}>`;

// The view's filters as patterns; a neighbourhood, which no filter describes, as the list of its agreements.
function sparqlOf(state) {
  const lines = [], ends = state.open.replace(/^=/, '').split('~').filter(Boolean), paired = state.open.includes('~');
  const parties = [state.state, state.with, ...(paired ? ends.filter(e => folder(e) !== 'people') : [])].filter(Boolean);
  const people = [state.person, ...(paired || folder(state.open) === 'people' ? ends.filter(e => folder(e) === 'people') : [])].filter(Boolean);
  for (const p of new Set(parties)) lines.push(`?agreement dip:party ${iriOf(p)} .`);
  for (const p of new Set(people)) lines.push(`?agreement dip:signature/dip:signatory ${iriOf(p)} .`);
  if (state.open.startsWith('=')) lines.push(`FILTER NOT EXISTS { ?agreement dip:party ?more FILTER(?more NOT IN (${ends.map(iriOf).join(', ')})) }`);
  if (state.open && !paired && folder(state.open) !== 'people') lines.push(`VALUES ?agreement { ${store.scene.agreements.map(a => iriOf(a.id)).join(' ')} }`);
  if (state.form) lines.push(`?agreement dcterms:type ${iriOf(`types/${state.form.split('/').pop()}`)} .`);
  if (state.topic) lines.push(`?agreement dcterms:subject ${iriOf(`topics/${state.topic.split('/').pop()}`)} .`);
  const on = state.on.replace(/[^\d-]/g, '');
  if (on) lines.push(`FILTER(SUBSTR(STR(?signed), 1, ${on.length}) <= "${on}")`);
  lines.push(...statusLines(state.status, on), ...gradeLines(state.grade));
  return `${PREFIXES}SELECT DISTINCT ?agreement ?title ?signed WHERE {\n  ?agreement a dip:Agreement ; dcterms:title ?title .\n  OPTIONAL { ?agreement dip:signed ?signed }\n  FILTER(LANG(?title) = "${state.lang === 'ru' ? 'ru' : 'en'}")\n${lines.map(l => `  ${l}\n`).join('')}}\nORDER BY ?signed ?agreement\n`;
}

function statusLines(status, on) {
  if (!status) return [];
  const by = (name, not = '') => on ? `${not}(BOUND(?${name}) && SUBSTR(STR(?${name}), 1, ${on.length}) <= "${on}")` : `${not}BOUND(?${name})`;
  const test = { 'in-force': `${by('force')} && ${by('end', '!')}`, ended: by('end'), unknown: `BOUND(?signed) && ${by('force', '!')} && ${by('end', '!')}`, planned: '!BOUND(?signed)' }[status];
  return ['OPTIONAL { ?agreement dip:inForce ?force }', 'OPTIONAL { ?agreement dip:ended ?end }', `FILTER(${test})`];
}

function gradeLines(grade) {
  if (!grade) return [];
  if (grade === 'quote') return [`GRAPH ?source { ?agreement a dip:Agreement } FILTER(STRSTARTS(STR(?source), "${HEAD.base}articles/"))`];
  return ['GRAPH ?source { ?agreement a dip:Agreement }', `?source dcterms:publisher/dip:kind ${iriOf(`kinds/${grade}`)} .`];
}

// ---- citations ----
const address = () => `${location.href.split('#')[0]}#${hashOf(store.state)}`;
const isAgreement = id => G.has(id) && folder(id) === 'agreements';
const titleOf = id => G.has(id) ? G.name(id, store.state.lang) : id ? id.replace(/^=/, '').split('~').filter(Boolean).map(p => G.name(p, store.state.lang)).join(' – ') : t('site');

function citations(id) {
  const iri = G.has(id) ? HEAD.base + id : HEAD.base, signed = G.has(id) ? G.one(id, 'signed') : '', today = new Date().toISOString().slice(0, 10), title = titleOf(id);
  const parties = isAgreement(id) ? G.values(id, 'party').map(p => G.name(p, store.state.lang)) : [], key = (G.has(id) ? stem(id) : 'accords').replace(/[^\w-]/g, '');
  const plain = s => s.replace(/[{}\\]/g, ' ').replace(/[%&#$_]/g, '\\$&'), [y, m, d] = signed.split('-');
  const kind = isAgreement(id) ? 'treaty' : 'dataset';
  return {
    text: `${parties.length ? `${parties.join(', ')}: ` : ''}${title}${signed ? `, ${day(signed)}` : ''}. ${HEAD.words.en.site}${HEAD.version ? ` ${HEAD.version}` : ''}, ${iri} (${today}).`,
    BibTeX: `@misc{${key},\n  title = {${plain(title)}},\n${parties.length ? `  author = {${parties.map(p => `{${plain(p)}}`).join(' and ')}},\n` : ''}${y ? `  year = {${y}},\n${m ? `  month = {${m}},\n` : ''}` : ''}  howpublished = {${HEAD.words.en.site}},\n  url = {${iri}},\n  urldate = {${today}}\n}\n`,
    RIS: [`TY  - ${isAgreement(id) ? 'STAT' : 'DATA'}`, `TI  - ${title.replace(/\s+/g, ' ')}`, ...parties.map(p => `AU  - ${p.replace(/\s+/g, ' ')}`), ...(y ? [`PY  - ${y}`, `DA  - ${y}/${m ?? ''}/${d ?? ''}/`] : []), `PB  - ${HEAD.words.en.site}`, `UR  - ${iri}`, `Y2  - ${today.replace(/-/g, '/')}/`, 'ER  - ', ''].join('\r\n'),
    'CSL-JSON': JSON.stringify([{ id: key, type: kind, title, ...(parties.length ? { author: parties.map(literal => ({ literal })) } : {}), ...(y ? { issued: { 'date-parts': [[y, m, d].filter(Boolean).map(Number)] } } : {}), publisher: HEAD.words.en.site, URL: iri, accessed: { 'date-parts': [today.split('-').map(Number)] } }], null, 2),
  };
}

// ---- dialogs ----
function dialog(title, ...children) {
  const box = h('dialog', { class: 'sheet', 'aria-label': title }, h('header', {}, h('h2', {}, title), h('button', { type: 'button', class: 'x', onclick: () => box.close() }, t('close'))), children);
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}

function copyable(text, label) {
  const area = h('textarea', { readonly: true, rows: Math.min(14, text.split('\n').length + 1), 'aria-label': label, spellcheck: 'false' });
  area.value = text;
  const button = h('button', { type: 'button', class: 'main', onclick: async () => { await copy(text, area); button.textContent = t('copied'); say(t('copied')); } }, t('copy'));
  return [area, h('p', { class: 'actions' }, button)];
}

async function copy(text, area) {
  try { await navigator.clipboard.writeText(text); } catch { area.select(); document.execCommand('copy'); }
}

function cite(id) {
  const all = citations(id || store.state.sel);
  dialog(t('cite'), Object.entries(all).map(([name, text]) => h('section', {}, h('h3', {}, name === 'text' ? t('cite_text') : name), copyable(text, name))));
}

function copyLink() { dialog(t('copyLink'), copyable(address(), t('copyLink'))); }
function showSparql() { dialog(t('sparql'), copyable(sparqlOf(store.state), 'SPARQL')); }

function save(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const a = h('a', { href: url, download: name });
  document.body.append(a); a.click(); a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// ---- pictures ----
const xml = s => String(s).replace(/[&<>"']/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[c]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
const POINTS = { triangle: [[0, -1.1], [1, 0.7], [-1, 0.7]], triangleDown: [[0, 1.1], [1, -0.7], [-1, -0.7]], diamond: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]], square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]], hexagon: [[0.5, -0.87], [1, 0], [0.5, 0.87], [-0.5, 0.87], [-1, 0], [-0.5, -0.87]], star: Array.from({ length: 10 }, (_, i) => { const r = i % 2 ? 0.45 : 1.15, a = -Math.PI / 2 + i * Math.PI / 5; return [r * Math.cos(a), r * Math.sin(a)]; }) };

function shapeSvg(shape, x, y, size, fill, stroke) {
  const paint = `fill="${fill}" stroke="${stroke}" stroke-width="1.5"`;
  if (shape === 'dot') return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size.toFixed(1)}" ${paint}/>`;
  return `<polygon points="${POINTS[shape].map(([a, b]) => `${(x + a * size).toFixed(1)},${(y + b * size).toFixed(1)}`).join(' ')}" ${paint}/>`;
}

function svgOf(picture) {
  const points = [...picture.place].map(([id, [x, y]]) => ({ x, y, size: picture.byId.get(id).size + 46 })), b = extent(points.length ? points : [{ x: 0, y: 0, size: 50 }]), c = picture.palette;
  const wide = b.x1 - b.x0, high = b.y1 - b.y0 + 60, parts = [];
  for (const e of picture.scene.edges) {
    const [x1, y1] = picture.place.get(e.one), [x2, y2] = picture.place.get(e.other), tier = HEAD.style.tiers[e.tier];
    parts.push(`<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${tier.color}" stroke-width="${(e.plain ? Math.min(1.6, widthOf(e.weight)) : widthOf(e.weight)).toFixed(2)}" stroke-opacity="${e.plain ? 0.4 : 0.55}"${tier.dashes ? ` stroke-dasharray="${tier.dashes.join(' ')}"` : ''}/>`);
  }
  for (const m of picture.marks) parts.push(`<text x="${m.x.toFixed(1)}" y="${m.y.toFixed(1)}" font-size="14" font-weight="600" fill="${c.faint}" text-anchor="middle">${xml(m.text)}</text>`);
  for (const n of picture.scene.nodes) {
    const [x, y] = picture.place.get(n.id), kind = HEAD.style.kinds[n.kind], hollow = isHollow(n);
    parts.push(shapeSvg(kind.shape, x, y, n.size, hollow ? c.paper : kind.color, hollow ? kind.color : c.paper));
  }
  const ctx = picture.canvas.getContext('2d'), scale = 1.15;
  for (const l of picture.placed(ctx, scale)) l.lines.forEach((text, i) => parts.push(`<text x="${l.x.toFixed(1)}" y="${(l.y + (i - (l.lines.length - 1) / 2) * l.high + 3.5).toFixed(1)}" font-size="${parseFloat(l.font.split(' ')[1]).toFixed(1)}" font-weight="${parseInt(l.font, 10)}" fill="${l.inside ? '#1b1b1b' : c.ink}" stroke="${l.inside ? 'none' : c.paper}" stroke-width="3" paint-order="stroke" text-anchor="middle">${xml(text)}</text>`));
  const caption = `${store.state.open ? titleOf(store.state.open) : t('site')} · ${t('shown', { n: store.shown.length, m: G.agreements.length })}${store.state.on ? ` · ${t('asOf')} ${day(store.state.on)}` : ''}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${b.x0.toFixed(0)} ${b.y0.toFixed(0)} ${wide.toFixed(0)} ${high.toFixed(0)}" width="${wide.toFixed(0)}" height="${high.toFixed(0)}" font-family="system-ui, Segoe UI, Noto Sans, DejaVu Sans, sans-serif"><title>${xml(caption)}</title><rect x="${b.x0.toFixed(0)}" y="${b.y0.toFixed(0)}" width="100%" height="100%" fill="${c.paper}"/>${parts.join('')}<text x="${(b.x0 + 20).toFixed(0)}" y="${(b.y1 + 40).toFixed(0)}" font-size="16" fill="${c.ink}">${xml(caption)}</text></svg>`;
}

function saveSvg() { save('accords.svg', svgOf(store.picture), 'image/svg+xml'); }
function savePng() {
  const picture = new Image(), url = URL.createObjectURL(new Blob([svgOf(store.picture)], { type: 'image/svg+xml' }));
  picture.onload = () => {
    const canvas = h('canvas', { width: picture.width * 2, height: picture.height * 2 });
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(url);
    canvas.toBlob(blob => save('accords.png', blob));
  };
  picture.src = url;
}

// ---- data ----
// A cell that a spreadsheet would run as a formula is made text by an apostrophe.
const cell = v => { const s = /^[=+\-@\t\r]/.test(v) ? `'${v}` : v; return /[",\r\n]/.test(s) ? `"${s.replace(/"/g, '""')}"` : s; };

function csvOf(agreements) {
  const codes = a => a.parties.map(p => G.one(p, 'code') || stem(p)).join('|'), rows = [['agreement', 'title_en', 'title_ru', 'form', 'parties', 'signed', 'place', 'in_force', 'status', 'topics', 'signatories', 'iri']];
  for (const a of agreements) rows.push([a.id, G.texts(a.id, 'title', 'en')[0] ?? '', G.texts(a.id, 'title', 'ru')[0] ?? '', stem(a.form || '/'), codes(a), a.signed, G.values(a.id, 'place').map(p => G.name(p, 'en')).join('|'), a.inForce, statusOn(a, store.state.on), a.topics.map(stem).join('|'), a.signatures.map(s => s.person && G.name(s.person, 'en')).join('|'), HEAD.base + a.id]);
  return `\ufeff${rows.map(r => r.map(v => cell(String(v))).join(',')).join('\r\n')}\r\n`;
}

function networkOf(agreements) {
  const nodes = new Map(), edges = [], add = (id, kind) => { if (id && !nodes.has(id)) nodes.set(id, { label: G.name(id, store.state.lang), kind, signed: G.one(id, 'signed') }); };
  for (const a of agreements) {
    add(a.id, 'agreements');
    for (const p of a.parties) { add(p, folder(p)); edges.push([a.id, p, 'party']); }
    for (const s of a.signatures) if (s.person) { add(s.person, 'people'); edges.push([s.person, a.id, 'signed']); }
    for (const e of G.values(a.id, 'event')) { add(e, 'events'); edges.push([a.id, e, 'event']); }
  }
  return { nodes, edges };
}

function gexfOf(agreements) {
  const { nodes, edges } = networkOf(agreements);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph mode="static" defaultedgetype="directed"><attributes class="node" mode="static"><attribute id="0" title="kind" type="string"/><attribute id="1" title="signed" type="string"/></attributes><attributes class="edge" mode="static"><attribute id="2" title="relation" type="string"/></attributes><nodes>${[...nodes].map(([id, n]) => `<node id="${xml(id)}" label="${xml(n.label)}"><attvalues><attvalue for="0" value="${n.kind}"/>${n.signed ? `<attvalue for="1" value="${xml(n.signed)}"/>` : ''}</attvalues></node>`).join('')}</nodes><edges>${edges.map(([a, b, r], i) => `<edge id="${i}" source="${xml(a)}" target="${xml(b)}"><attvalues><attvalue for="2" value="${r}"/></attvalues></edge>`).join('')}</edges></graph></gexf>\n`;
}

function graphmlOf(agreements) {
  const { nodes, edges } = networkOf(agreements);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="label" for="node" attr.name="label" attr.type="string"/><key id="kind" for="node" attr.name="kind" attr.type="string"/><key id="signed" for="node" attr.name="signed" attr.type="string"/><key id="relation" for="edge" attr.name="relation" attr.type="string"/><graph edgedefault="directed">${[...nodes].map(([id, n]) => `<node id="${xml(id)}"><data key="label">${xml(n.label)}</data><data key="kind">${n.kind}</data>${n.signed ? `<data key="signed">${xml(n.signed)}</data>` : ''}</node>`).join('')}${edges.map(([a, b, r], i) => `<edge id="e${i}" source="${xml(a)}" target="${xml(b)}"><data key="relation">${r}</data></edge>`).join('')}</graph></graphml>\n`;
}
