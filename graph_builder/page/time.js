// Time: signings by year as bars, and a slider for the day as of which the picture stands.
class Time {
  constructor(box) {
    this.box = box;
    const dated = G.agreements.filter(a => a.signed);
    this.from = Number(dated[0]?.signed.slice(0, 4) ?? 1991); this.to = Number(dated.at(-1)?.signed.slice(0, 4) ?? 2026);
    this.range = h('input', { type: 'range', id: 'day', min: 0, max: (this.to - this.from + 1) * 12, step: 1, oninput: () => this.moved() });
    this.exact = h('input', { type: 'date', id: 'exact', min: `${this.from}-01-01`, max: `${this.to}-12-31`, onchange: () => store.set({ on: this.exact.value }) });
    this.button = h('button', { type: 'button', id: 'play', onclick: () => this.play() });
    this.every = h('button', { type: 'button', id: 'every', onclick: () => store.set({ on: '' }) });
    this.label = h('output', { for: 'day', id: 'when' });
    this.bars = h('div', { class: 'histogram', 'aria-hidden': 'true' });
    this.sum = h('p', { class: 'sum' });
    box.replaceChildren(h('div', { class: 'when' }, this.button, h('label', { for: 'day' }, this.word = h('span', {}), ' ', this.label), this.exact, this.every), h('div', { class: 'scale' }, this.bars, this.range), this.sum);
  }
  // Position n stands for the end of month n after the first year's beginning; the last one for all time.
  dayOf(n) { const y = this.from + Math.floor(n / 12), m = n % 12 + 1; return `${y}-${String(m).padStart(2, '0')}-${new Date(Date.UTC(y, m, 0)).getUTCDate()}`; }
  moved() { const n = Number(this.range.value); store.set({ on: n >= Number(this.range.max) ? '' : this.dayOf(n) }, 'quiet'); }
  show() {
    const on = store.state.on, base = store.state.open && on ? sceneOf({ ...store.state, on: '' }).agreements : on ? passing({ ...store.state, on: '' }) : store.scene.agreements;
    this.word.textContent = t('asOf'); this.label.textContent = on ? day(on) : t('allTime'); this.every.textContent = t('allTime'); this.every.hidden = !on;
    this.button.textContent = this.timer ? `❚❚ ${t('pause')}` : `► ${t('play')}`;
    this.exact.setAttribute('aria-label', t('date')); this.range.setAttribute('aria-valuetext', this.label.textContent); this.box.setAttribute('aria-label', t('signings'));
    this.exact.value = on.length === 10 ? on : '';
    this.range.value = on ? (Number(on.slice(0, 4)) - this.from) * 12 + Number(on.slice(5, 7) || 12) - 1 : this.range.max;
    this.histogram(base, on);
    const counts = { 'in-force': 0, ended: 0, unknown: 0, planned: 0 };
    store.scene.agreements.forEach(a => { counts[statusOn(a, on)]++; });
    this.sum.textContent = t('timeSummary', { n: store.scene.agreements.length - counts.planned, f: counts['in-force'], e: counts.ended, u: counts.unknown });
  }
  histogram(base, on) {
    const years = new Map(); for (let y = this.from; y <= this.to; y++) years.set(y, { 'in-force': 0, ended: 0, unknown: 0, later: 0 });
    for (const a of base) { const y = years.get(Number(a.signed.slice(0, 4))); if (y) y[on && reached(a.signed, on) === 'no' ? 'later' : statusOn(a, on)]++; }
    const most = Math.max(1, ...[...years.values()].map(y => y['in-force'] + y.ended + y.unknown + y.later));
    this.bars.replaceChildren(...[...years].map(([year, y]) => {
      const bar = h('span', { class: 'year' }, ['later', 'unknown', 'ended', 'in-force'].filter(s => y[s]).map(s => { const part = h('i', { class: `b-${s}` }); part.style.height = `${100 * y[s] / most}%`; return part; }), year % 5 === 0 ? h('small', {}, year) : null);
      bar.title = `${year}: ${y['in-force'] + y.ended + y.unknown + y.later}`;
      return bar;
    }));
  }
  play() {
    if (this.timer) { clearInterval(this.timer); this.timer = 0; this.show(); return; }
    let year = store.state.on ? Number(store.state.on.slice(0, 4)) + 1 : this.from;
    const step = () => {
      if (year > this.to) { clearInterval(this.timer); this.timer = 0; store.set({ on: '' }); return; }
      store.set({ on: `${year++}-12-31` }, 'quiet');
    };
    this.timer = setInterval(step, calm() ? 1200 : 800); step(); this.show();
  }
}
