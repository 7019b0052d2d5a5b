// The drawing: vis-network draws shapes and lines, we place labels so that none covers another.
class Picture {
  constructor(box, on) {
    this.box = box; this.on = on; this.scene = { nodes: [], edges: [] }; this.lit = null; this.cache = { key: '' }; this.palette = this.colours(); this.marks = []; this.names = [];
    this.nodes = new vis.DataSet([]); this.edges = new vis.DataSet([]);
    this.network = new vis.Network(box, { nodes: this.nodes, edges: this.edges }, { ...HEAD.options, autoResize: false, width: '100%', height: '100%' });
    this.canvas = box.querySelector('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.canvas.parentElement.removeAttribute('tabindex');
    this.network.on('beforeDrawing', ctx => this.under(ctx));
    this.network.on('afterDrawing', ctx => this.labels(ctx));
    this.network.on('click', event => this.clicked(event));
    this.network.on('doubleClick', event => { if (event.nodes.length) this.on.open(event.nodes[0]); });
    this.network.on('hoverNode', event => this.hover(event.node));
    this.network.on('blurNode', () => this.hover(null));
    this.network.on('hoverEdge', event => this.hoverEdge(event.edge, event.pointer.DOM));
    this.network.on('blurEdge', () => this.on.tip(null));
    this.network.on('dragStart', () => this.on.tip(null));
    box.addEventListener('keydown', event => this.key(event));
    new ResizeObserver(() => this.resize()).observe(box);
  }
  colours() {
    const css = getComputedStyle(document.documentElement);
    return { ink: css.getPropertyValue('--ink').trim(), paper: css.getPropertyValue('--paper').trim(), soft: css.getPropertyValue('--soft').trim(), faint: css.getPropertyValue('--faint').trim(), rule: css.getPropertyValue('--line').trim() };
  }
  resize() {
    if (!this.box.clientWidth) return;
    this.network.setSize('100%', '100%');
    this.network.redraw();
    const aspect = this.aspect();
    if (this.scene.nodes.length && this.drawnAspect !== undefined && Math.abs(aspect - this.drawnAspect) > 0.02) this.show(this.scene, true);
    else this.network.redraw();
  }
  aspect() { return Math.round(100 * Math.max(0.45, Math.min(2.4, this.box.clientWidth / Math.max(1, this.box.clientHeight)))) / 100; }

  // Draws a scene; wide boxes get a wide picture, phones a tall one.
  show(scene, keepLight = false) {
    this.scene = scene; this.drawnAspect = this.aspect();
    const bounds = extent(scene.nodes), own = (bounds.x1 - bounds.x0 + 160) / (bounds.y1 - bounds.y0 + 160);
    const stretch = scene.nodes.length > 2 ? Math.sqrt(Math.max(0.42, Math.min(2.3, this.drawnAspect / own))) : 1;
    const gentle = scene.marks ? Math.max(0.8, Math.min(1.35, stretch)) : stretch, flow = [gentle, 1 / gentle];
    const c = this.palette = this.colours();
    this.place = new Map(scene.nodes.map(n => [n.id, [n.x * flow[0], n.y * flow[1]]]));
    this.marks = (scene.marks ?? []).map(m => ({ ...m, x: m.x * flow[0], y: m.y * flow[1] }));
    this.names = (scene.names ?? []).map(n => ({ ...n, x: n.x * flow[0], y: n.y * flow[1] }));
    if (!keepLight) this.lit = null;
    this.byId = new Map(scene.nodes.map(n => [n.id, n]));
    this.near = new Map(scene.nodes.map(n => [n.id, new Set([n.id])]));
    for (const e of scene.edges) { this.near.get(e.one)?.add(e.other); this.near.get(e.other)?.add(e.one); }
    this.network.setOptions({ interaction: { hideEdgesOnDrag: scene.edges.length > 900, hideEdgesOnZoom: scene.edges.length > 900 } });
    this.network.setData({ nodes: this.nodes = new vis.DataSet(scene.nodes.map(n => this.node(n, c))), edges: this.edges = new vis.DataSet(scene.edges.map(e => this.edge(e, c))) });
    this.cache.key = '';
    this.fit(false);
  }
  node(n, c) {
    const kind = HEAD.style.kinds[n.kind] ?? HEAD.style.kinds.articles, [x, y] = this.place.get(n.id);
    const lit = !this.lit || this.lit.has(n.id);
    const hollow = isHollow(n);
    const chosen = this.chosen === n.id;
    return { id: n.id, x, y, size: n.size, shape: kind.shape, opacity: lit ? 1 : 0.18, borderWidth: chosen ? 4 : hollow ? 2 : 1.5,
      color: { background: hollow ? c.paper : kind.color, border: chosen ? c.ink : hollow ? kind.color : n.status ? '#7a4f00' : c.paper, hover: { background: hollow ? c.paper : kind.color, border: c.ink }, highlight: { background: kind.color, border: c.ink } } };
  }
  edge(e, c) {
    const tier = HEAD.style.tiers[e.tier] ?? HEAD.style.tiers.cooperation;
    const lit = !this.lit || (this.centre ? e.one === this.centre || e.other === this.centre || (this.byId.get(e.one)?.group && this.near.get(this.centre).has(e.one)) : this.lit.has(e.one) && this.lit.has(e.other)) || this.chosen === e.id;
    const strong = this.chosen === e.id || (this.lit && lit);
    const base = e.plain ? (e.tier === 'cooperation' ? (this.scene.marks ? 0.16 : 0.3) : 0.5) : REGION.has(e.one) && REGION.has(e.other) ? 0.9 : e.weight < 3 ? 0.32 : 0.55;
    return { id: e.id, from: e.one, to: e.other, width: (e.plain && !strong ? Math.min(widthOf(e.weight), 1.6) : widthOf(e.weight)) + (this.chosen === e.id ? 2 : 0), dashes: dashesOf(tier.dashes, e.plain ? 1 : widthOf(e.weight)),
      color: { color: tier.color, opacity: strong ? 0.95 : lit ? base : 0.05, hover: c.ink, highlight: tier.color } };
  }
  // Marks one node or edge; everything that is not bound to it steps back.
  choose(id) {
    this.chosen = id; this.centre = null;
    const edge = id && this.scene.edges.find(e => e.id === id);
    if (id && this.byId.has(id)) { this.lit = this.scene.nodes.length > 2 ? this.reach(id) : null; this.centre = id; }
    else if (edge) this.lit = new Set([edge.one, edge.other]);
    else this.lit = null;
    this.repaint();
  }
  // What is bound to a node; through a bundle of agreements to the parties beyond it.
  reach(id) {
    const found = new Set(this.near.get(id));
    for (const n of this.near.get(id)) if (this.byId.get(n)?.group) this.near.get(n).forEach(far => found.add(far));
    return found;
  }
  repaint() {
    const c = this.palette = this.colours();
    this.nodes.update(this.scene.nodes.map(n => this.node(n, c)));
    this.edges.update(this.scene.edges.map(e => this.edge(e, c)));
    this.cache.key = '';
    this.network.redraw();
  }
  fit(animated) {
    if (!this.scene.nodes.length) return;
    const points = [...this.place].map(([id, [x, y]]) => ({ x, y, size: this.byId.get(id).size })).concat(this.marks.map(m => ({ ...m, size: 20 })));
    const b = extent(points), wide = this.box.clientWidth, high = this.box.clientHeight;
    const phone = wide < 520, side = phone ? 34 : 70, above = phone ? 40 : 46;
    const scale = Math.min((wide - 2 * side) / Math.max(b.x1 - b.x0, 60), (high - 2 * above) / Math.max(b.y1 - b.y0, 60), 1.7);
    this.home = Math.max(scale, 0.05);
    const cx = (b.x0 + b.x1) / 2, cy = (b.y0 + b.y1) / 2 + 4 / scale;
    this.view = [cx - wide / 2 / scale + 4 / scale, cy - high / 2 / scale + (phone ? 30 : 8) / scale, cx + wide / 2 / scale - 4 / scale, cy + high / 2 / scale - 4 / scale];
    this.network.moveTo({ position: { x: (b.x0 + b.x1) / 2, y: (b.y0 + b.y1) / 2 + 4 / scale }, scale: Math.max(scale, 0.05), animation: animated && !calm() ? { duration: 300 } : false });
  }
  zoom(by) { this.network.moveTo({ scale: Math.max(0.05, Math.min(6, this.network.getScale() * by)), animation: calm() ? false : { duration: 150 } }); }
  under(ctx) {
    const scale = this.network.getScale();
    ctx.textAlign = 'center'; ctx.textBaseline = 'middle'; ctx.fillStyle = this.palette.faint;
    ctx.font = `600 ${12 / scale}px ${FACE}`;
    for (const n of this.names) { ctx.font = `700 ${Math.max(26, 17 / scale)}px ${FACE}`; ctx.fillStyle = this.palette.rule; ctx.fillText(G ? G.name(n.id, store.state.lang) : '', n.x, n.y); }
    ctx.font = `600 ${12 / scale}px ${FACE}`; ctx.fillStyle = this.palette.faint;
    let past = -Infinity;
    for (const mark of this.marks) {
      const half = ctx.measureText(mark.text).width / 2 + 3 / scale;
      if (mark.x - half > past) { ctx.fillText(mark.text, mark.x, mark.y); past = mark.x + half; }
    }
  }
  // Greedy placing by importance: a label that would cover another waits until the reader comes nearer.
  labels(ctx) {
    const scale = this.network.getScale(), key = `${scale.toFixed(3)}|${this.chosen}|${this.hovered}|${store.state.lang}`;
    if (this.cache.key !== key) this.cache = { key, labels: this.placed(ctx, scale) };
    ctx.textBaseline = 'middle'; ctx.lineJoin = 'round';
    if (this.scene.nodes.length < 26) this.relations(ctx, scale);
    for (const l of this.cache.labels) {
      ctx.font = l.font; ctx.textAlign = 'center';
      ctx.globalAlpha = l.alpha;
      ctx.lineWidth = 3.4 / scale; ctx.strokeStyle = l.inside ? 'rgba(0,0,0,0)' : this.palette.paper; ctx.fillStyle = l.inside ? '#1b1b1b' : this.palette.ink;
      l.lines.forEach((text, i) => { const y = l.y + (i - (l.lines.length - 1) / 2) * l.high; ctx.strokeText(text, l.x, y); ctx.fillText(text, l.x, y); });
    }
    ctx.globalAlpha = 1;
  }
  // What binds the middle of a neighbourhood to each node, in words on the line.
  relations(ctx, scale) {
    ctx.font = `italic ${11 / scale}px ${FACE}`; ctx.textAlign = 'center'; ctx.fillStyle = this.palette.soft; ctx.lineWidth = 3 / scale; ctx.strokeStyle = this.palette.paper;
    for (const e of this.scene.edges) {
      if (!e.relation || !this.place.has(e.one) || !this.place.has(e.other)) continue;
      const [x1, y1] = this.place.get(e.one), [x2, y2] = this.place.get(e.other), text = e.pair ? String(e.weight) : t(e.relation).toLowerCase(), x = x1 + (x2 - x1) * 0.55, y = y1 + (y2 - y1) * 0.55;
      ctx.strokeText(text, x, y); ctx.fillText(text, x, y);
    }
  }
  placed(ctx, scale) {
    const taken = [], done = [];
    const order = [...this.scene.nodes].sort((a, b) => this.importance(b) - this.importance(a) || (a.id < b.id ? -1 : 1));
    for (const n of order) { const [x, y] = this.place.get(n.id), r = n.size * 0.85; if (!n.group && !n.quiet || this.scene.marks) taken.push([x - r, y - r, x + r, y + r, n.id, n.core]); }
    const view = Math.abs(scale / this.home - 1) < 0.02 ? this.view : null;
    for (const n of order) {
      const label = this.label(n, ctx, scale);
      if (!label) continue;
      if (view) label.spots = inside(label, view);
      const free = ([x, y]) => !taken.some(t => t[4] !== n.id && (n.core ? t[5] : true) && x - label.wide / 2 < t[2] && x + label.wide / 2 > t[0] && y - label.tall / 2 < t[3] && y + label.tall / 2 > t[1]);
      const spot = label.spots.find(free) ?? (label.forced ? label.spots[0] : null);
      if (!spot) continue;
      taken.push([spot[0] - label.wide / 2, spot[1] - label.tall / 2, spot[0] + label.wide / 2, spot[1] + label.tall / 2, '', true]);
      done.push({ ...label, x: spot[0], y: spot[1] });
    }
    return done.reverse();
  }
  importance(n) {
    return (n.id === this.chosen ? 1e6 : 0) + (n.id === this.hovered ? 2e6 : 0) + (this.lit?.has(n.id) ? 1e4 : 0) + (REGION.has(n.id) ? 5e3 : 0) + (n.core ? 1e3 : 0) + n.weight;
  }
  label(n, ctx, scale) {
    const dim = this.lit && !this.lit.has(n.id), forced = n.id === this.chosen || n.id === this.hovered, [x, y] = this.place.get(n.id);
    if (dim && !forced) return null;
    if (n.quiet && !forced && scale < 1.4) return null;
    if (n.group) return this.groupLabel(n, ctx, scale, x, y);
    if (n.kind === 'agreements' && !forced && !n.core && scale < 1.5 && this.scene.nodes.length > 24) return null;
    const big = REGION.has(n.id), points = big ? 15 : n.core ? 13 : n.weight > 12 ? 12 : 11;
    const font = `${big ? 700 : n.core ? 600 : 500} ${points / scale}px ${FACE}`, high = points * 1.16 / scale;
    const year = n.kind === 'agreements' && !this.scene.marks && G?.byId.get(n.id)?.signed.slice(0, 4);
    const lines = wrap(shortName(n.id, store.state.lang) + (year ? ` ${year}` : ''), n.kind === 'agreements' ? 24 : n.kind === 'people' ? 16 : 20, n.id === this.hovered ? 6 : 3);
    ctx.font = font;
    const wide = Math.max(...lines.map(l => ctx.measureText(l).width)) + 6 / scale, tall = lines.length * high + 2 / scale, gap = n.size + 3 / scale;
    const spots = [[x, y + gap + tall / 2], [x, y - gap - tall / 2], [x + gap + wide / 2, y], [x - gap - wide / 2, y]];
    return { font, lines, high, wide, tall, spots, forced, alpha: 1 };
  }
  groupLabel(n, ctx, scale, x, y) {
    if (n.size * scale < 6.5) return null;
    const points = Math.min(12, n.size * scale * 0.85), font = `700 ${points / scale}px ${FACE}`;
    return { font, lines: [String(n.weight)], high: points / scale, wide: 1, tall: 1, spots: [[x, y]], forced: true, alpha: 1, inside: true };
  }
  hover(id) {
    this.hovered = id; this.cache.key = '';
    if (id && this.byId.has(id)) { const p = this.network.canvasToDOM({ x: this.place.get(id)[0], y: this.place.get(id)[1] }); this.on.tip(tipOf(this.byId.get(id)), p); } else this.on.tip(null);
    this.network.redraw();
  }
  hoverEdge(id, point) { const edge = this.scene.edges.find(e => e.id === id); if (edge) this.on.tip(edgeTip(edge), point); }
  clicked(event) {
    const at = event.pointer.DOM;
    if (event.nodes.length) return this.on.pick(event.nodes[0]);
    const edge = this.edgeNear(at);
    if (edge) return this.on.edge(edge);
    this.on.pick(null);
  }
  edgeNear(at) {
    const id = this.network.getEdgeAt(at);
    return id ? this.scene.edges.find(e => e.id === id) : null;
  }
  key(event) {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrows[event.key]) this.step(arrows[event.key]);
    else if (event.key === '+' || event.key === '=') this.zoom(1.3);
    else if (event.key === '-') this.zoom(1 / 1.3);
    else if (event.key === '0') this.fit(true);
    else if (event.key === 'Enter' && this.chosen) this.on.enter(this.chosen);
    else if (event.key === 'Escape') this.on.back();
    else return;
    event.preventDefault();
  }
  // To the nearest node in a direction.
  step([dx, dy]) {
    const here = this.place.get(this.chosen);
    if (!here) { const first = [...this.scene.nodes].sort((a, b) => this.importance(b) - this.importance(a))[0]; if (first) this.on.pick(first.id, true); return; }
    let best = null, least = Infinity;
    for (const [id, [x, y]] of this.place) {
      const along = (x - here[0]) * dx + (y - here[1]) * dy, across = Math.abs((x - here[0]) * dy) + Math.abs((y - here[1]) * dx);
      if (id !== this.chosen && along > 1 && along + 2.2 * across < least) { least = along + 2.2 * across; best = id; }
    }
    if (best) this.on.pick(best, true);
  }
}

// Dashes grow with the line, so that a broad dashed line still shows its gaps.
const dashesOf = (dashes, wide) => dashes && wide > 3 ? dashes.map(d => d * wide / 3) : dashes;
const isHollow = n => n.status ? statusOn(G.byId.get(n.id), store.state.on) !== 'in-force' : Boolean(n.hollow);
const FACE = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Arial, sans-serif';
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

// Places of a label inside the view; one that would be cut is shifted in.
function inside(label, [x0, y0, x1, y1]) {
  const fits = ([x, y]) => x - label.wide / 2 >= x0 && x + label.wide / 2 <= x1 && y - label.tall / 2 >= y0 && y + label.tall / 2 <= y1;
  const shifted = label.spots.slice(0, 2).map(([x, y]) => [Math.max(x0 + label.wide / 2, Math.min(x1 - label.wide / 2, x)), y]);
  return [...label.spots.filter(fits), ...shifted];
}

function extent(points) {
  const b = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const p of points) { b.x0 = Math.min(b.x0, p.x - p.size); b.x1 = Math.max(b.x1, p.x + p.size); b.y0 = Math.min(b.y0, p.y - p.size); b.y1 = Math.max(b.y1, p.y + p.size); }
  return b;
}

function wrap(text, wide, most) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1) && lines.at(-1).length + word.length >= wide) lines.push(word); else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  }
  if (lines.length <= most) return lines;
  const year = /^\d{4}$/.test(lines.at(-1).split(' ').at(-1)) ? ` ${lines.at(-1).split(' ').at(-1)}` : '';
  return [...lines.slice(0, most - 1), `${lines[most - 1]}…${year}`];
}

const shorts = new Map();
// A name as a label has room for it: agreements lose "between the Republic of …".
function shortName(id, language) {
  const key = `${language} ${id}`;
  if (!shorts.has(key)) {
    let text = G ? G.name(id, language) : HEAD.nodes.find(n => n.id === id)?.label ?? stem(id);
    if (folder(id) === 'agreements') {
      const early = text.match(/^(.{0,24}?),? (?:between|of the governments? of|among) .+? ((?:on|concerning|regarding|for|about) .+)$/i);
      if (early) text = `${early[1]} ${early[2]}`;
      const cut = text.replace(/,? (between|of the governments? of|among) (the )?.*$/i, '').replace(/ между (?!народн).*? (о(б|бо)?) /i, ' $1 ').replace(/ между .*$/i, '');
      text = cut.length > 14 ? cut : text;
    }
    shorts.set(key, text);
  }
  return shorts.get(key);
}

function tipOf(n) {
  if (!G) return '';
  if (n.group) return `${n.id.slice(1).split('~').map(p => G.name(p, store.state.lang)).join(' · ')} — ${t('agreementsN', { n: n.weight })}`;
  const a = G.byId.get(n.id);
  return a ? `${G.name(n.id, store.state.lang)}${a.signed ? ` · ${day(a.signed)}` : ''}` : `${G.name(n.id, store.state.lang)} · ${t(`kind_${n.kind}`)}${n.weight > 1 ? ` · ${n.kind === 'people' ? t('signedN', { n: n.weight }) : t('agreementsN', { n: n.weight })}` : ''}`;
}

function edgeTip(e) {
  if (!G) return '';
  const name = id => id.startsWith('=') ? t('kind_agreements') : G.name(id, store.state.lang);
  const much = e.plain && e.weight === 1 ? '' : ` — ${t('agreementsN', { n: e.weight })}`;
  return `${name(e.one)} – ${name(e.other)}${much}${!e.plain && e.tier !== 'cooperation' ? ` · ${t(`tier_${e.tier}`)}` : ''}`;
}
