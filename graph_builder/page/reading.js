// The reading view: a stored article with its evidence marked; acts, intents and assessments told apart.
const STRENGTH = ['description', 'act', 'intent', 'assessment'];

function modalityOf(mark) {
  if (mark.of.some(n => folder(G.ids[n]) === 'assessments')) return 'assessment';
  const found = mark.keys.map(k => STRENGTH.indexOf(G.words[k]?.modality ?? 'description'));
  return STRENGTH[Math.max(0, ...found)];
}

// What a mark speaks of: the record itself or the one in which the node stands; a mention names the thing mentioned.
function targetsOf(mark) {
  const found = new Set();
  for (const n of mark.of) {
    const id = G.ids[n], home = G.parent(id);
    if (home.startsWith('articles/') && mark.keys.includes('mentions')) mark.values.filter(v => G.has(v)).forEach(v => found.add(v));
    else if (HEAD.style.kinds[folder(home)]) found.add(home);
    if (folder(id) === 'assessments') G.values(id, 'about').forEach(v => found.add(v));
  }
  return [...found].filter(id => HEAD.style.kinds[folder(id)] || folder(id) === 'offices');
}

class Reader {
  constructor() { this.dialog = h('dialog', { id: 'reader', 'aria-labelledby': 'readhead' }); document.body.append(this.dialog); this.dialog.addEventListener('close', () => { if (store.state.read) store.set({ read: '', mark: '' }); }); }
  show(id, focus) {
    const key = `${id} ${focus} ${store.state.lang}`;
    if (!G.stored[id]) { this.hide(); return; }
    if (this.dialog.open && this.key === key) return;
    this.key = key;
    const marks = G.marks.filter(m => m.in === id), author = G.values(id, 'author')[0];
    this.side = h('div', { class: 'beside', 'aria-live': 'polite' }, h('p', { class: 'sub' }, t('gradeQuoteIs')));
    this.text = this.marked(id, marks, focus);
    this.dialog.replaceChildren(
      h('header', {}, h('div', {}, h('p', { class: 'kind' }, glyph('articles'), t('kind_articles'), author ? [' · ', G.name(author, store.state.lang)] : null), h('h2', { id: 'readhead' }, G.name(id, store.state.lang)),
        h('p', { class: 'key' }, STRENGTH.slice().reverse().map(m => h('span', { class: `m ${m}` }, t(m))))), h('button', { type: 'button', class: 'x', onclick: () => store.set({ read: '', mark: '' }) }, t('close'))),
      h('div', { class: 'page' }, this.text, this.side));
    if (!this.dialog.open) this.dialog.showModal();
    const first = this.text.querySelector('.lit');
    if (first) { first.scrollIntoView({ block: 'center' }); this.tell(first.marks); } else this.text.scrollTop = 0;
  }
  hide() { if (this.dialog.open) this.dialog.close(); this.key = ''; }
  // The text cut where marks begin and end; offsets count code points.
  marked(id, marks, focus) {
    const letters = [...G.stored[id]], cuts = [...new Set([0, letters.length, ...marks.flatMap(m => [m.start, m.end])])].sort((a, b) => a - b);
    const article = h('article', { lang: G.one(id, 'language'), tabindex: '0', 'aria-label': G.name(id, store.state.lang) });
    for (let i = 0; i + 1 < cuts.length; i++) {
      const inside = marks.filter(m => m.start <= cuts[i] && m.end >= cuts[i + 1]), text = letters.slice(cuts[i], cuts[i + 1]).join('');
      article.append(inside.length ? this.mark(text, inside, focus) : text);
    }
    return article;
  }
  mark(text, inside, focus) {
    const kind = STRENGTH[Math.max(...inside.map(m => STRENGTH.indexOf(modalityOf(m))))], lit = focus && inside.some(m => targetsOf(m).includes(focus));
    const node = h('mark', { class: `${kind}${inside.length > 1 ? ' many' : ''}${lit ? ' lit' : ''}`, tabindex: '0', role: 'button', title: [...new Set(inside.flatMap(targetsOf))].slice(0, 4).map(x => G.name(x, store.state.lang)).join(' · ') }, text);
    node.marks = inside;
    node.addEventListener('click', () => this.tell(inside));
    node.addEventListener('keydown', e => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); this.tell(inside); } });
    return node;
  }
  tell(marks) {
    const one = m => h('section', { class: 'told' }, h('p', {}, h('span', { class: `m ${modalityOf(m)}` }, t(modalityOf(m))), m.inferred ? h('em', {}, ` ${t('inferred')}`) : null), h('blockquote', { lang: G.one(m.in, 'language') }, quoteOf(m)),
      this.claims(m), h('p', { class: 'sub' }, [...new Set(m.keys)].map(keyName).join(', ')),
      h('ul', { class: 'plain' }, targetsOf(m).map(id => h('li', {}, HEAD.style.kinds[folder(id)] ? h('button', { type: 'button', class: 'go', onclick: () => store.set({ read: '', mark: '', sel: id, open: '' }) }, glyph(folder(id)), h('span', {}, G.name(id, store.state.lang))) : G.name(id, store.state.lang)))));
    this.side.replaceChildren(...[...marks].sort((a, b) => (a.end - a.start) - (b.end - b.start)).map(one));
  }
  claims(m) {
    const claims = m.of.map(n => G.ids[n]).filter(id => folder(id) === 'assessments');
    return claims.map(id => h('p', {}, G.texts(id, 'claim', store.state.lang).join(' ')));
  }
}
