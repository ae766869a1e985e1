"use strict";

// A page with a picker: its controls, tabs and figure. What they show is the state in the
// address; every control writes a new state there and shows it.
const nianbaoPicker = (() => {
  let page; // {id, lang, words, tabs}
  let view; // what is shown: see nianbaoSeries.plan
  let turn = 0;
  const parts = {};
  const embedded = document.documentElement.dataset.embed === "1";
  const find = (selector) => document.querySelector(".pick " + selector);
  const say = (key, ...args) => nianbaoSeries.say({ page }, key, ...args);

  // element makes an element; attributes that are null are left out.
  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "on") for (const [type, handler] of Object.entries(value)) made.addEventListener(type, handler);
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  // words marks Chinese in an English page.
  function words(text) {
    if (page.lang !== "en" || !/\p{Script=Han}/u.test(text)) return text;
    return element("span", { lang: "zh-CN" }, text);
  }

  function start(it) {
    page = it;
    addEventListener("hashchange", () => update(location.hash));
    return update(location.hash);
  }

  // update loads what a state needs and shows it, unless a later one came first.
  async function update(hash, focus) {
    const mine = ++turn;
    let next = nianbaoSeries.plan(page, hash, parts);
    while (next.need) {
      const loaded = await Promise.all(next.need.map((name) => nianbao.load(name)));
      next.need.forEach((name, i) => { parts[name] = loaded[i]; });
      if (mine !== turn) return;
      next = nianbaoSeries.plan(page, hash, parts);
    }
    view = next;
    if (view.figure) {
      if (!embedded) controls();
      render(view.figure);
    }
    document.querySelector(".pick").dataset.shown = "1";
    nianbao.ready();
    if (focus) document.getElementById(focus)?.focus();
  }

  // go shows a changed state and writes it into the address.
  function go(change, focus) {
    const hash = nianbaoState.format({ ...view.state, ...change });
    history.replaceState(null, "", hash);
    return update(hash, focus);
  }

  // ---- figure ------------------------------------------------------------------------

  function render(f) {
    const figure = find(".figure");
    find("h2").replaceChildren(words(f.Title));
    find(".subtitle").replaceChildren(words(f.Subtitle));
    fill("legend", f.Legend, ({ Class, Path, Label }) => element("li", {}, Path ? shape(Class, Path) : element("span", { class: "swatch " + Class, "aria-hidden": "true" }), words(Label)));
    fill("keys", f.Keys, ({ Kind, Label }) => element("li", { class: "key-" + Kind }, Label));
    find(".legend").classList.toggle("lines", f.Legend.length > 0 && !!f.Legend[0].Path);
    find(".note").textContent = view.tab.note || "";
    const notes = [...view.dropped.map((code) => say("pick_dropped", code)), ...f.Notes];
    fill("notes ul", notes, (note) => element("li", {}, words(note)));
    find(".notes").hidden = !notes.length;
    find(".table").replaceChildren(table(f.Table));
    if (embedded) embed();
    else nianbaoExport.actions(find(".actions"), { page, view, say, element });
    const plot = find(".plot");
    plot.hidden = !f.Option || view.tab.plain;
    find(".nothing").hidden = !!f.Option || !!view.tab.plain;
    find("details").open = find("details").open || !!view.tab.plain || plot.hidden;
    if (!plot.hidden) {
      plot.dataset.rows = f.Rows;
      plot.dataset.hash = f.Hash;
      plot.setAttribute("aria-label", f.Title + " · " + f.Subtitle);
      nianbao.show(plot, f.Option);
    }
    figure.setAttribute("aria-busy", "false");
    const language = document.querySelector("a.language");
    if (language) language.hash = location.hash;
  }

  // embed says in an embedded chart what its page says around it.
  function embed() {
    find("summary").textContent = say("table_open");
    find(".source").textContent = say("pick_source") + " " + say("build") + " " + view.core.build.slice(0, 12) + (view.core.sample ? " · " + say("sample_title") : "");
    find(".nothing").textContent = say("nothing");
  }

  function fill(where, items, make) {
    find("." + where).replaceChildren(...items.map(make));
  }

  function shape(className, path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("class", className);
    svg.setAttribute("viewBox", "-1 -1 22 22");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  function table({ Head, Rows }) {
    const cell = (c) => element("td", { class: c.Missing ? "missing" : null },
      ...(c.Contradicted ? [element("span", { class: "ring", title: say("grade_contradicted") }, "○"), " "] : []), words(c.Text), ...(c.Sub ? [element("small", {}, c.Sub)] : []));
    return element("table", {},
      element("thead", {}, element("tr", {}, ...Head.map((h) => element("th", { scope: "col" }, words(h))))),
      element("tbody", {}, ...Rows.map((r) => element("tr", {},
        ...(r.Rows ? [element("th", { scope: "rowgroup", rowspan: r.Rows }, words(r.Group))] : []),
        element("th", { scope: "row" }, words(r.Head)), ...r.Cells.map(cell)))));
  }

  // ---- controls ----------------------------------------------------------------------

  function controls() {
    const { tab, state, core, bodies, measures } = view;
    const has = (name) => tab.controls.includes(name);
    const named = (list) => list.map((m) => [m.id, nianbaoSeries.word({ page }, m)]);
    const [first, last] = bodies.years;
    const years = Array.from({ length: last - first + 1 }, (_, i) => String(last - i)).map((y) => [y, y]);
    const [from, to] = (state.years || "").split("-");
    const parts = [select("scope", named(core.scopes), state.scope, (scope) => go({ scope, bodies: undefined, province: undefined, years: undefined }, "pick-scope"))];
    if (has("measure") && measures.length > 1) parts.push(select("measure", named(core.measures.filter((m) => measures.includes(m.id))), state.measure));
    if (has("year")) parts.push(select("year", years, state.year));
    if (has("years")) {
      parts.push(select("from", years.filter(([y]) => y <= to), from, (y) => go({ years: y + "-" + to }, "pick-from")),
        select("to", years.filter(([y]) => y >= from), to, (y) => go({ years: from + "-" + y }, "pick-to")));
    }
    if (has("province")) parts.push(select("province", named(core.provinces.map((p) => ({ id: p.code, ...p }))), state.province));
    if (has("pool")) parts.push(radios("pool", [["1", say("pick_pool_1")], ["3", say("pick_pool_3")]]));
    if (state.as) parts.push(radios("as", ["count", "per", "index"].filter((id) => id !== "per" || core.measures.some((m) => m.id === "apps_per_100k" && state.measure === "app_new" && m.scopes.includes(state.scope))).map((id) => [id, say("pick_as_" + id)])));
    if (state.scale) parts.push(radios("scale", [["linear", say("pick_linear")], ["log", say("pick_log")]]));
    if (has("bodies")) parts.push(search());
    find(".controls").replaceChildren(...parts);
    find(".controls").hidden = false;
    tabs();
  }

  function select(id, choices, value, change = (v) => go({ [id]: v }, "pick-" + id)) {
    const made = element("select", { id: "pick-" + id, on: { change: (e) => change(e.target.value) } },
      ...choices.map(([v, label]) => element("option", { value: v, selected: v === value ? "" : null }, label)));
    return element("p", { class: "control " + id }, element("label", { for: "pick-" + id }, say("pick_" + id)), made);
  }

  function radios(id, choices) {
    const one = ([v, label]) => element("label", {}, element("input", { type: "radio", name: id, id: "pick-" + id + "-" + v, value: v, checked: view.state[id] === v ? "" : null,
      on: { change: () => go({ [id]: v }, "pick-" + id + "-" + v) } }), label);
    return element("fieldset", { class: "control" }, element("legend", {}, say("pick_" + id)), ...choices.map(one));
  }

  // tabs follow the pattern of the ARIA guide: arrows move and show, Home and End too.
  function tabs() {
    const at = page.tabs.findIndex((t) => t.id === view.tab.id);
    const move = (e) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: page.tabs.length - 1 }[e.key];
      if (to === undefined) return;
      e.preventDefault();
      const next = page.tabs.at(to % page.tabs.length);
      go({ view: next.id }, "tab-" + next.id);
    };
    find(".tabs").replaceChildren(...page.tabs.map((t) => element("button", { type: "button", role: "tab", id: "tab-" + t.id, "aria-selected": t.id === view.tab.id ? "true" : "false",
      "aria-controls": "panel", tabindex: t.id === view.tab.id ? "0" : "-1", on: { click: () => go({ view: t.id }, "tab-" + t.id), keydown: move } }, t.label)));
    find(".tabs").hidden = page.tabs.length < 2;
    find("#panel").setAttribute("aria-labelledby", "tab-" + view.tab.id);
  }

  // matches are the bodies whose Chinese or English name, pinyin, initials, code or
  // province a query begins or is part of, the best first.
  function matches(query) {
    const { bodies, core } = view;
    const wanted = query.trim().toLowerCase();
    const province = Object.fromEntries(core.provinces.map((p) => [p.code, (p.zh + " " + p.en).toLowerCase()]));
    const rank = (b) => {
      const key = bodies.key[b].split(" ");
      if (bodies.zh[b].startsWith(wanted) || bodies.code[b] === wanted || key.includes(wanted)) return 0;
      if (bodies.code[b].startsWith(wanted) || bodies.en[b].toLowerCase().startsWith(wanted) || key.some((k) => k.startsWith(wanted))) return 1;
      if (bodies.zh[b].includes(wanted) || bodies.en[b].toLowerCase().includes(wanted)) return 2;
      return (province[bodies.province[b]] || "").includes(wanted) ? 3 : -1;
    };
    return bodies.code.map((_, b) => [rank(b), b]).filter(([r, b]) => r >= 0 && !view.picked.includes(b)).sort(([r, b], [q, d]) => r - q || b - d).map(([, b]) => b);
  }

  const nameOf = (b) => nianbaoSeries.name({ page, bodies: view.bodies }, b);

  // search is an editable combobox with a list, after the pattern of the ARIA guide.
  function search() {
    const max = view.tab.max || nianbaoState.maxBodies;
    const full = view.picked.length >= max && max > 1; // a single one is replaced
    const list = element("ul", { role: "listbox", id: "pick-list", "aria-label": say("pick_bodies"), hidden: "" });
    const told = element("p", { class: "told", role: "status" }, full ? say("pick_full", max) : "");
    let active = -1;
    const close = () => { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const choose = (b) => go({ bodies: view.state.bodies.toSpliced(Math.min(view.picked.length, max - 1), 0, view.known[b]) }, "pick-search");
    const open = () => {
      const found = matches(input.value);
      list.replaceChildren(...found.slice(0, 12).map((b, i) => element("li", { role: "option", id: "pick-option-" + i, "aria-selected": "false", "data-body": b,
        on: { mousedown: (e) => { e.preventDefault(); choose(b); } } }, words(nameOf(b)), element("small", {}, view.bodies.code[b] + " ", words(provinceOf(b))))));
      told.textContent = found.length ? say("pick_found", found.length) : say("pick_none");
      list.hidden = !found.length;
      active = -1;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.removeAttribute("aria-activedescendant");
    };
    const point = (to) => {
      if (list.hidden) open();
      const options = [...list.children];
      if (!options.length) return;
      active = (to + options.length) % options.length;
      options.forEach((o, i) => o.setAttribute("aria-selected", String(i === active)));
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    };
    const key = (e) => {
      if (e.key === "ArrowDown") point(active + 1);
      else if (e.key === "ArrowUp") point(active < 0 ? -1 : active - 1);
      else if (e.key === "Enter" && !list.hidden && list.children.length) choose(Number(list.children[Math.max(active, 0)].dataset.body));
      else if (e.key === "Escape") { close(); input.value = ""; }
      else return;
      e.preventDefault();
    };
    const input = element("input", { id: "pick-search", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": "pick-list", placeholder: say("pick_search_hint"), disabled: full ? "" : null, on: { input: open, click: open, keydown: key, blur: close } });
    const remove = (i) => go({ bodies: view.state.bodies.filter((_, at) => at !== i) }, view.picked.length > 1 ? "pick-chip-" + Math.max(0, i - 1) : "pick-search");
    const chips = view.picked.map((b, i) => element("li", {}, shape("series-" + (i + 1), nianbaoSeries.shapes[i]), words(nameOf(b)),
      element("button", { type: "button", id: "pick-chip-" + i, "aria-label": say("pick_remove", nameOf(b)), on: { click: () => remove(i) } }, "×")));
    return element("div", { class: "control search" }, element("label", { for: "pick-search" }, say("pick_bodies_max", max)), element("div", { class: "combobox" }, input, list), told, element("ul", { class: "chips" }, ...chips));
  }

  function provinceOf(b) {
    const p = view.core.provinces.find(({ code }) => code === view.bodies.province[b]);
    return p ? nianbaoSeries.word({ page }, p) : "";
  }

  return { start };
})();
