"use strict";
// What the pages do beyond showing themselves: run queries, say where one is wrong, draw answers.

const make = (name, text, attributes) => {
  const node = name.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
};
const BASE = "https://w3id.org/central-asia-accords/";
const LIMIT = { table: 2000, network: 250, matrix: 60 };
const names = new Map();

const address = iri => {
  if (!iri.startsWith(BASE)) return /^https?:/.test(iri) ? "/about?iri=" + encodeURIComponent(iri) : null;
  const [path, fragment] = iri.slice(BASE.length).split("#");
  return "/" + path.split("/").map(encodeURIComponent).join("/") + (fragment ? "#" + encodeURIComponent(fragment) : "");
};
const shown = term => !term ? "" : term.type === "uri" ? names.get(term.value) || term.value.replace(BASE, "") : term.type === "triple" ? "<<…>>" : term.value;
const cell = term => {
  const where = term && term.type === "uri" && address(term.value);
  return where ? make("a", shown(term), { href: where, title: term.value }) : make("span", shown(term), term && term["xml:lang"] ? { lang: term["xml:lang"] } : {});
};

async function learn(rows, language) {
  const wanted = [...new Set(rows.flatMap(row => Object.values(row)).filter(t => t.type === "uri").map(t => t.value))].filter(i => !names.has(i)).slice(0, 600);
  for (let n = 0; n < wanted.length; n += 60) {
    const query = new URLSearchParams(wanted.slice(n, n + 60).map(i => ["iri", i]));
    query.set("lang", language);
    const answer = await fetch("/names?" + query);
    if (answer.ok) for (const [iri, name] of Object.entries(await answer.json())) names.set(iri, name);
  }
}

const DRAWN = {
  table(head, rows) {
    const table = make("table"), top = make("tr"), body = make("tbody");
    head.forEach(name => top.append(make("th", name.replaceAll("_", " "), { scope: "col" })));
    for (const row of rows.slice(0, LIMIT.table)) {
      const line = make("tr");
      head.forEach(name => { const box = make("td"); box.append(cell(row[name])); line.append(box); });
      body.append(line);
    }
    const above = make("thead"); above.append(top); table.append(above, body);
    return table;
  },
  timeline(head, rows) {
    const day = head.find(name => rows.some(row => /#(date|gYear|gYearMonth|dateTime)$/.test(row[name]?.datatype || "")));
    if (!day) return DRAWN.table(head, rows);
    const years = new Map();
    for (const row of [...rows].sort((a, b) => (a[day]?.value || "9999").localeCompare(b[day]?.value || "9999"))) {
      const year = row[day] ? row[day].value.slice(0, 4) : "?";
      if (!years.has(year)) years.set(year, []);
      years.get(year).push(row);
    }
    const all = make("div");
    for (const [year, group] of years) {
      const line = make("div", null, { class: "year" }), list = make("ul");
      for (const row of group) {
        const item = make("li", (row[day]?.value || "?") + " ");
        const told = new Set();
        for (const name of head) {
          const text = shown(row[name]);
          if (name === day || !text || told.has(text) || /_(en|ru)$/.test(name) && told.size || told.size > 3) continue;
          if (told.size) item.append(" · ");
          item.append(cell(row[name])); told.add(text);
        }
        list.append(item);
      }
      line.append(make("b", year), list); all.append(line);
    }
    return all;
  },
  matrix(head, rows) {
    const [down, across, number] = head;
    if (!across) return DRAWN.table(head, rows);
    const keys = name => [...new Set(rows.map(row => shown(row[name])))].sort().slice(0, LIMIT.matrix);
    const columns = keys(across), counts = new Map();
    for (const row of rows) {
      const key = shown(row[down]) + "\n" + shown(row[across]), value = number && /^-?[\d.]+$/.test(row[number]?.value || "") ? Number(row[number].value) : 1;
      counts.set(key, (counts.get(key) || 0) + value);
    }
    const table = make("table"), top = make("tr");
    top.append(make("th"), ...columns.map(c => make("th", c, { scope: "col" })));
    table.append(top);
    for (const line of keys(down)) {
      const row = make("tr");
      row.append(make("th", line, { scope: "row" }), ...columns.map(c => make("td", counts.get(line + "\n" + c) ?? "", { class: "number" })));
      table.append(row);
    }
    return table;
  },
  network(head, rows) {
    const nodes = new Map(), lines = [];
    const node = term => {
      const key = term.value;
      if (!nodes.has(key)) { const turn = nodes.size * 2.4; nodes.set(key, { term, x: 400 + 14 * Math.sqrt(nodes.size) * Math.cos(turn), y: 290 + 14 * Math.sqrt(nodes.size) * Math.sin(turn), degree: 0 }); }
      return nodes.get(key);
    };
    for (const row of rows) {
      const ends = head.map(name => row[name]).filter(t => t && t.type === "uri");
      for (const other of ends.slice(1)) {
        if (nodes.size >= LIMIT.network && !(nodes.has(ends[0].value) && nodes.has(other.value))) continue;
        const a = node(ends[0]), b = node(other);
        if (a !== b) { a.degree++; b.degree++; lines.push([a, b]); }
      }
    }
    if (!nodes.size) return DRAWN.table(head, rows);
    settle([...nodes.values()], lines);
    const picture = make("svg:svg", null, { class: "net", viewBox: "0 0 800 580", role: "img" });
    for (const [a, b] of lines) picture.append(make("svg:line", null, { x1: a.x, y1: a.y, x2: b.x, y2: b.y }));
    for (const one of nodes.values()) {
      const link = make("svg:a"), where = address(one.term.value);
      if (where) link.setAttribute("href", where);
      link.append(make("svg:title", shown(one.term)), make("svg:circle", null, { cx: one.x, cy: one.y, r: 3 + Math.min(9, Math.sqrt(one.degree)) }));
      if (nodes.size < 60 || one.degree > 3) link.append(make("svg:text", shown(one.term).slice(0, 40), { x: one.x + 8, y: one.y + 4 }));
      picture.append(link);
    }
    return picture;
  },
};

function settle(nodes, lines) {
  const wide = Math.sqrt(800 * 580 / nodes.length) * 0.55;
  for (let heat = 60; heat > 0.5; heat *= 0.955) {
    for (const one of nodes) { one.dx = (400 - one.x) * 0.05; one.dy = (290 - one.y) * 0.07; }
    for (const a of nodes) for (const b of nodes) {
      const x = a.x - b.x, y = a.y - b.y, far = Math.hypot(x, y) || 0.1;
      if (a !== b && far < 400) { a.dx += x / far * wide * wide / far * 0.2; a.dy += y / far * wide * wide / far * 0.2; }
    }
    for (const [a, b] of lines) {
      const x = a.x - b.x, y = a.y - b.y, far = Math.hypot(x, y) || 0.1, pull = far / wide * 0.6;
      a.dx -= x / far * pull * 8; a.dy -= y / far * pull * 8; b.dx += x / far * pull * 8; b.dy += y / far * pull * 8;
    }
    for (const one of nodes) {
      const far = Math.hypot(one.dx, one.dy) || 0.1, step = Math.min(far, heat);
      one.x = Math.max(12, Math.min(740, one.x + one.dx / far * step)); one.y = Math.max(12, Math.min(568, one.y + one.dy / far * step));
    }
  }
}

async function draw(box, answer, view, language) {
  if (typeof answer.boolean === "boolean") return box.replaceChildren(make("p", String(answer.boolean)));
  const head = answer.head.vars, rows = answer.results.bindings;
  await learn(rows.slice(0, LIMIT.table), language);
  box.replaceChildren((DRAWN[view] || DRAWN.table)(head, rows));
}

function editor() {
  const form = document.getElementById("sparql");
  if (!form) return;
  const at = id => document.getElementById(id), words = JSON.parse(form.dataset.words), language = form.dataset.language;
  const query = at("query"), problem = at("problem"), status = at("status"), state = new URLSearchParams(location.search);
  let last = null, running = null;
  const count = bad => {
    const lines = query.value.split("\n").length;
    at("numbers").replaceChildren(...Array.from({ length: lines }, (_, n) => make(n + 1 === bad ? "b" : "span", (n + 1) + (n + 1 === bad ? "" : "\n"))));
    query.rows = Math.max(8, lines + 1);
  };
  const complain = said => {
    problem.hidden = !said;
    problem.textContent = said ? said.detail || said.title : "";
    count(said && said.line);
    if (said && said.line) {
      const start = query.value.split("\n").slice(0, said.line - 1).reduce((n, l) => n + l.length + 1, 0) + (said.column || 1) - 1;
      query.focus(); query.setSelectionRange(start, start + 1);
    }
  };
  const remember = () => {
    const now = new URLSearchParams({ query: query.value, view: at("view").value });
    if (state.get("lang")) now.set("lang", state.get("lang"));
    const where = "/sparql?" + now;
    if (where.length < 60000) history.replaceState(null, "", where);
    document.querySelector("a.other").href = where.replace(/&lang=\w+/, "") + "&lang=" + document.querySelector("a.other").hreflang;
  };
  const send = accept => fetch("/sparql", { method: "POST", headers: { "content-type": "application/sparql-query", accept }, body: query.value, signal: running.signal });
  const run = async () => {
    if (running) running.abort();
    running = new AbortController();
    remember(); complain(null); at("results").replaceChildren(); status.textContent = words.busy; last = null;
    const began = performance.now();
    try {
      const answer = await send("application/sparql-results+json, text/turtle;q=0.9");
      const kind = answer.headers.get("content-type") || "";
      if (!answer.ok) { complain(kind.includes("json") ? await answer.json() : { title: answer.statusText }); status.textContent = ""; return; }
      if (!kind.includes("json")) { at("results").replaceChildren(make("pre", await answer.text())); status.textContent = ""; return; }
      last = await answer.json();
      await draw(at("results"), last, at("view").value, language);
      const rows = last.results ? last.results.bindings.length : 1;
      status.textContent = (rows ? rows.toLocaleString(language) + " " + words.rows : words.empty) + " · " + Math.round(performance.now() - began) + " ms";
    } catch (error) { if (error.name !== "AbortError") complain({ detail: String(error) }); }
  };
  form.addEventListener("submit", event => { event.preventDefault(); run(); });
  query.addEventListener("input", () => count());
  query.addEventListener("keydown", event => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); } });
  at("menu").addEventListener("change", event => {
    const item = event.target.selectedOptions[0];
    if (!item.dataset.text) return;
    query.value = item.dataset.text; at("view").value = item.dataset.view; run();
  });
  at("view").addEventListener("change", () => { remember(); if (last) draw(at("results"), last, at("view").value, language); });
  at("format").addEventListener("change", event => {
    const form = event.target.value;
    event.target.value = "";
    if (form) location.href = "/sparql?" + new URLSearchParams({ query: query.value, format: form });
  });
  if (state.get("view")) at("view").value = state.get("view");
  count();
  if (state.get("query")) run();
}

async function drawn() {
  const box = document.getElementById("drawn");
  if (!box) return;
  const words = JSON.parse(box.dataset.words), plain = document.getElementById("plain"), tabs = make("div", null, { class: "tabs" }), out = make("div", null, { class: "wide" });
  let answer = null;
  const show = async view => {
    tabs.querySelectorAll("button").forEach(b => b.setAttribute("aria-pressed", String(b.value === view)));
    history.replaceState(null, "", location.pathname + location.search + "#" + view);
    plain.hidden = view !== "table"; out.hidden = view === "table";
    if (view === "table") return;
    answer = answer || await (await fetch(box.dataset.results)).json();
    await draw(out, answer, view, box.dataset.language);
  };
  for (const view of ["table", "timeline", "network", "matrix"]) {
    const button = make("button", words[view], { type: "button", value: view });
    button.addEventListener("click", () => show(view));
    tabs.append(button);
  }
  box.append(tabs, out);
  show(DRAWN[location.hash.slice(1)] ? location.hash.slice(1) : box.dataset.view);
}

editor();
drawn();
