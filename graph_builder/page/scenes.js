// What one view draws. The overviews use the places that were computed when the page was made; a pair, a person
// or a neighbourhood is laid out here by plain geometry, the same every time.
const SINGLE = 140, CROWD = 200, MOST = 280;
const sizeOf = (weight, core) => (core ? 9 : 5) + Math.sqrt(weight);
const widthOf = weight => 0.6 + 0.85 * Math.sqrt(weight);
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

function sceneOf(state) {
  const agreements = passing(state);
  if (state.open) {
    const opened = opening(state, agreements);
    if (opened) return opened;
  }
  return { ...OVERVIEWS[state.lens](agreements), agreements, key: `${state.lens}` };
}

function opening(state, agreements) {
  const id = state.open;
  if (id.includes('~')) return pairScene(id, agreements, state.lang);
  if (!G.has(id)) return null;
  if (folder(id) === 'people') return personScene(id, agreements, state.lang);
  return neighbourhood(id, agreements, state.lang);
}

function nodeOf(id, x, y, weight, extra = {}) {
  const core = REGION.has(id);
  return { id, kind: folder(id), x, y, weight, size: sizeOf(weight, core), core, ...extra };
}

const counted = agreements => {
  const counts = new Map();
  for (const a of agreements) for (const p of a.parties) counts.set(p, (counts.get(p) ?? 0) + 1);
  return counts;
};

function pairsOf(agreements) {
  const pairs = new Map();
  for (const a of agreements) for (let i = 0; i < a.parties.length; i++) for (let j = i + 1; j < a.parties.length; j++) {
    const key = `${a.parties[i]}~${a.parties[j]}`;
    const pair = pairs.get(key) ?? { id: key, one: a.parties[i], other: a.parties[j], weight: 0, alone: 0, tier: 0 };
    pair.weight++;
    if (a.parties.length === 2) { pair.alone++; pair.tier = Math.max(pair.tier, G.tier(a)); }
    pairs.set(key, pair);
  }
  return [...pairs.values()].sort((a, b) => a.weight - b.weight || (a.id < b.id ? -1 : 1));
}

const OVERVIEWS = {
  states(agreements) {
    const nodes = [...counted(agreements)].sort().map(([id, n]) => nodeOf(id, ...(G.places.parties[id] ?? [0, 0]), n));
    const central = nodes.some(n => n.core);
    const edges = pairsOf(agreements).filter(p => !central || REGION.has(p.one) || REGION.has(p.other)).map(p => ({ ...p, tier: HEAD.tiers[p.tier] }));
    return { nodes, edges };
  },
  agreements(agreements) {
    const nodes = [...counted(agreements)].sort().map(([id, n]) => nodeOf(id, ...(G.places.parties[id] ?? [0, 0]), n));
    const groups = new Map();
    for (const a of agreements) { const key = a.parties.join('~'); if (!groups.has(key)) groups.set(key, []); groups.get(key).push(a); }
    const edges = [];
    const ordered = [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1)), room = agreements.length <= SINGLE ? ordered.length : Math.max(0, MOST - nodes.length);
    const drawnCount = ordered.slice(0, room).reduce((sum, g) => sum + g[1].length, 0);
    for (const [key, members] of ordered.slice(0, room).sort((a, b) => a[0] < b[0] ? -1 : 1)) {
      const [x, y] = G.places.groups[key] ?? [0, 0];
      const single = members.length === 1 || agreements.length <= SINGLE;
      const drawn = single
        ? members.map((a, i) => ({ ...nodeOf(a.id, ...(members.length > 1 ? sunflower(x, y, i, 15) : [x, y]), 1), size: 6, kind: 'agreements', status: true }))
        : [{ id: `=${key}`, kind: 'agreements', group: true, x, y, weight: members.length, size: 5 + 1.4 * Math.sqrt(members.length) }];
      nodes.push(...drawn);
      for (const node of drawn) for (const party of key.split('~')) if (party) edges.push({ id: `${node.id}~~${party}`, one: node.id, other: party, weight: node.weight, tier: 'cooperation', plain: true });
    }
    return { nodes, edges, capped: drawnCount < agreements.length ? [drawnCount, agreements.length] : null };
  },
  leaders(agreements) {
    const counts = new Map(), edges = new Map();
    for (const a of agreements) {
      for (const s of a.signatures) counts.set(s.person, (counts.get(s.person) ?? 0) + 1);
      const signed = [...new Map(a.signatures.map(s => [s.person, s.party]))].sort();
      for (let i = 0; i < signed.length; i++) for (let j = i + 1; j < signed.length; j++) {
        if (signed[i][1] === signed[j][1]) continue;
        const id = `${signed[i][0]}~${signed[j][0]}`;
        const edge = edges.get(id) ?? { id, one: signed[i][0], other: signed[j][0], weight: 0, tier: 'cooperation' };
        edge.weight++;
        edges.set(id, edge);
      }
    }
    const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)), busiest = ordered.slice(0, CROWD);
    const shown = new Set(busiest.map(pair => pair[0]));
    const nodes = busiest.map(([id, n]) => ({ ...nodeOf(id, ...(G.places.people[id] ?? [0, 0]), n), size: 7 + 1.6 * Math.sqrt(n), core: n >= 10 }));
    const homes = new Map();
    for (const a of agreements) for (const p of a.signatures) if (p.party && shown.has(p.person)) { if (!homes.has(p.party)) homes.set(p.party, new Set()); homes.get(p.party).add(p.person); }
    const names = [...homes].filter(([id, crowd]) => G.places.parties[id] && (REGION.has(id) || crowd.size > 2)).map(([id]) => ({ id, x: G.places.parties[id][0] * 1.3, y: G.places.parties[id][1] * 1.35 }));
    return { nodes, names, more: ordered.slice(CROWD).map(([id, n]) => ({ id, kind: 'people', weight: n })), edges: [...edges.values()].filter(e => shown.has(e.one) && shown.has(e.other)).sort((a, b) => a.weight - b.weight || (a.id < b.id ? -1 : 1)), capped: counts.size > CROWD ? [CROWD, counts.size] : null };
  },
};

const sunflower = (x, y, i, step) => [x + step * Math.sqrt(i + 0.6) * Math.cos(i * GOLDEN), y + step * Math.sqrt(i + 0.6) * Math.sin(i * GOLDEN)];

// Agreements in order of time, from left to right, a column or more a year, standing on one line; those that name the
// tie of the parties (friendship, partnership, alliance) stand above the rest as milestones.
function timeline(agreements, exact = 0) {
  const milestone = a => exact > 0 && G.tier(a) > 0 && a.parties.length === exact;
  const years = new Map();
  for (const a of agreements) { const y = a.signed.slice(0, 4) || '—'; if (!years.has(y)) years.set(y, []); years.get(y).push(a); }
  const dated = [...years.keys()].filter(y => y !== '—').map(Number);
  for (let y = Math.min(...dated); y < Math.max(...dated); y++) if (!years.has(String(y))) years.set(String(y), []);
  const plain = agreements.filter(a => !milestone(a)).length, tall = Math.max(4, Math.ceil(Math.sqrt(plain / 1.8)));
  const wide = Math.max(320, [...years.values()].reduce((sum, m) => sum + Math.max(1, Math.ceil(m.filter(a => !milestone(a)).length / tall)) * 34 + (m.length ? 18 : 0), 0) - 18);
  const step = Math.max(34, Math.min(64, (wide / 1.5 - 380) / tall)), nodes = [], marks = [];
  let x = -wide / 2 + 17, rung = 0;
  for (const [year, members] of [...years].sort()) {
    const rest = members.filter(a => !milestone(a)), columns = Math.max(1, Math.ceil(rest.length / tall));
    rest.forEach((a, i) => nodes.push({ ...nodeOf(a.id, x + Math.floor(i / tall) * 34, -(i % tall) * step, 1), kind: 'agreements', size: 9, status: true, quiet: true }));
    members.filter(milestone).forEach((a, i) => nodes.push({ ...nodeOf(a.id, x + (columns - 1) * 17 + i * 30, -tall * step - 50 - 66 * (rung++ % 3), 1), kind: 'agreements', size: 13, status: true, core: true, weight: 1 + G.tier(a) }));
    marks.push({ text: year, x: x + (columns - 1) * 17, y: 34 });
    x += columns * 34 + (members.length ? 18 : 0);
  }
  const roomy = Math.max(1, Math.min(2.4, 900 / wide));
  nodes.forEach(n => { n.x *= roomy; });
  marks.forEach(m => { m.x *= roomy; });
  return { nodes, marks, wide: wide * roomy, top: -tall * step - (rung ? 50 + 66 * Math.min(2, rung - 1) : 0), bottom: 40 };
}

function row(ids, y, wide, make) {
  const step = Math.max(120, Math.min(wide, 900) / Math.max(ids.length, 1));
  return ids.map((id, i) => make(id, (i - (ids.length - 1) / 2) * step, y));
}

function pairScene(open, passing, language) {
  const exact = open.startsWith('='), parties = (exact ? open.slice(1) : open).split('~').filter(Boolean);
  if (parties.every(p => folder(p) === 'people')) return peopleScene(parties, passing, language, open);
  const members = passing.filter(a => parties.every(p => a.parties.includes(p)) && (!exact || a.parties.length === parties.length));
  const shown = members.slice(-MOST);
  const t = timeline(shown, parties.length);
  const top = parties.slice(0, Math.ceil(parties.length / 2)), bottom = parties.slice(Math.ceil(parties.length / 2));
  const place = (id, x, y) => nodeOf(id, x, y, members.length, { core: true });
  const nodes = [...row(top, t.top - 130, t.wide, place), ...row(bottom, t.bottom + 110, t.wide, place), ...t.nodes];
  const edges = shown.flatMap(a => parties.map(p => ({ id: `${a.id}~~${p}`, one: a.id, other: p, weight: 1, tier: a.parties.length === parties.length ? HEAD.tiers[G.tier(a)] : 'cooperation', plain: true })));
  return { nodes, edges, marks: t.marks, agreements: members, key: open, capped: members.length > MOST ? [MOST, members.length] : null };
}

function peopleScene(people, passing, language, open) {
  const members = passing.filter(a => people.every(p => a.signatures.some(s => s.person === p)));
  const t = timeline(members.slice(-MOST));
  const place = (id, x, y) => nodeOf(id, x, y, members.length, { core: true, size: 16 });
  const nodes = [...row(people.slice(0, 1), t.top - 130, t.wide, place), ...row(people.slice(1), t.bottom + 110, t.wide, place), ...t.nodes];
  const edges = t.nodes.flatMap(n => people.map(p => ({ id: `${n.id}~~${p}`, one: n.id, other: p, weight: 1, tier: HEAD.tiers[G.tier(G.byId.get(n.id))], plain: true })));
  return { nodes, edges, marks: t.marks, agreements: members, key: open };
}

function personScene(id, passing, language) {
  const members = passing.filter(a => a.signatures.some(s => s.person === id));
  if (!members.length) return neighbourhood(id, passing, language);
  const t = timeline(members.slice(-MOST));
  const others = new Map();
  for (const a of members) for (const s of a.signatures) if (s.person !== id) others.set(s.person, (others.get(s.person) ?? 0) + 1);
  const partners = [...others].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 16);
  const first = new Map(partners.map(([p]) => [p, Math.min(...t.nodes.filter(n => G.byId.get(n.id).signatures.some(s => s.person === p)).map(n => n.x))]));
  const ordered = partners.sort((a, b) => first.get(a[0]) - first.get(b[0]));
  const nodes = [nodeOf(id, 0, t.top - 130, members.length, { core: true, size: 20 }), ...t.nodes];
  const step = Math.max(105, t.wide / Math.max(ordered.length, 1));
  ordered.forEach(([p, n], i) => nodes.push(nodeOf(p, (i - (ordered.length - 1) / 2) * step, t.bottom + 110 + (i % 2) * 60, n, { core: n > 1 })));
  const shown = new Set(nodes.map(n => n.id));
  const edges = members.flatMap(a => [...new Set(a.signatures.map(s => s.person))].filter(p => shown.has(p) && shown.has(a.id))
    .map(p => ({ id: `${a.id}~~${p}`, one: a.id, other: p, weight: 1, tier: p === id ? HEAD.tiers[G.tier(a)] : 'cooperation', plain: true })));
  return { nodes, edges, marks: t.marks, agreements: members, key: id };
}

// A node in the middle, what it is bound to around it, kind beside kind.
function neighbourhood(id, passing) {
  const allowed = new Set(passing.map(a => a.id));
  const bound = neighbours(id).filter(b => folder(b.id) !== 'agreements' || allowed.has(b.id) || folder(id) === 'agreements');
  const unique = [...new Map(bound.map(b => [b.id, b])).values()];
  const shown = unique.slice(0, MOST);
  const nodes = [nodeOf(id, 0, 0, 1, { core: true, size: 22, status: folder(id) === 'agreements' })];
  let done = 0, ring = 0;
  const order = Object.keys(HEAD.style.kinds);
  shown.sort((a, b) => order.indexOf(folder(a.id)) - order.indexOf(folder(b.id)) || (b.weight ?? 1) - (a.weight ?? 1) || (sortKey(a.id) < sortKey(b.id) ? -1 : 1));
  while (done < shown.length) {
    const radius = 190 + ring * 80, room = Math.min(shown.length - done, Math.floor(2 * Math.PI * radius / (shown.length > 30 ? 44 : 78)));
    for (let i = 0; i < room; i++) {
      const angle = -Math.PI / 2 + 2 * Math.PI * (i + ring * 0.5) / room, b = shown[done + i];
      nodes.push(nodeOf(b.id, radius * 1.25 * Math.cos(angle), radius * 0.95 * Math.sin(angle), b.weight ?? 1, { size: b.weight ? sizeOf(b.weight, REGION.has(b.id)) : 9, status: folder(b.id) === 'agreements', core: shown.length < 24 || (b.weight ?? 0) > 20 }));
    }
    done += room; ring++;
  }
  const known = new Set(nodes.map(n => n.id));
  const edges = bound.filter(b => known.has(b.id)).map((b, i) => ({ id: `${id}~~${b.id}~${i}`, one: id, other: b.id, weight: b.weight ?? 1, tier: b.tier ?? 'cooperation', relation: b.relation, pair: b.pair }));
  return { nodes, edges, agreements: passing.filter(a => known.has(a.id) || a.parties.includes(id)), key: id, more: unique.slice(MOST).map(b => ({ id: b.id, kind: folder(b.id), weight: b.weight ?? 1 })), capped: unique.length > MOST ? [MOST, unique.length] : null };
}

const sortKey = id => G.byId.get(id)?.signed ?? id;

function neighbours(id) {
  const found = [];
  const add = (ids, relation) => ids.forEach(other => { if (other !== id && G.has(other) && HEAD.style.kinds[folder(other)]) found.push({ id: other, relation }); });
  const parties = () => {
    const pairs = pairsOf(passing(store.state).filter(a => a.parties.includes(id)));
    for (const p of pairs.filter(p => p.one === id || p.other === id).reverse()) found.push({ id: p.one === id ? p.other : p.one, relation: 'agreementsList', weight: p.weight, tier: HEAD.tiers[p.tier], pair: p.id });
  };
  if (folder(id) === 'states') { parties(); return found; }
  for (const key of ['party', 'place', 'event', 'references', 'replaces', 'amends', 'creates', 'depositary', 'host', 'visitor', 'participant', 'member', 'partOf', 'country', 'region', 'author', 'mentions']) add(G.values(id, key), key);
  if (folder(id) === 'agreements') add(G.byId.get(id).signatures.map(s => s.person), 'signature');
  if (folder(id) === 'people') { add(G.back('signatory', id).map(s => G.parent(s)), 'signedList'); add(G.values(id, 'tenure').flatMap(t => G.values(t, 'of')), 'tenure'); }
  const turned = { party: 'agreementsList', references: 'referencedBy', replaces: 'replacedBy', amends: 'amendedBy', creates: 'createdBy', event: 'agreementsList', place: 'agreementsList', member: 'memberOf', partOf: 'parts', host: 'events', visitor: 'events', participant: 'events', mentions: 'mentions', author: 'author' };
  for (const [key, relation] of Object.entries(turned)) add(G.back(key, id), relation);
  return found;
}
