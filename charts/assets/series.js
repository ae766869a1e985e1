"use strict";

// Fills the frame of a chart with the figures that the reader asks for: pure functions,
// run by the page and, for what it shows first, by Go when the site is built. Nothing is
// computed here that the warehouse says: values, intervals, quantiles and limits are read.
//
// nianbaoSeries.plan(page, hash, parts) gives {need: [names of data scripts]} until parts
// has them (null: there is none), and then {state, dropped, figure} to be shown.
const nianbaoSeries = (() => {
  const kinds = {}; // of charts: the kind of a tab -> {needs(c), draw(c)}; see plots.js
  const clone = (value) => JSON.parse(JSON.stringify(value));
  const shapes = ["M10 1a9 9 0 1 0 .01 0z", "M2 2h16v16h-16z", "M10 1L19.5 18H.5z", "M10 0L20 10L10 20L0 10z", "M.5 2H19.5L10 19z",
    "M7 1h6v6h6v6h-6v6h-6v-6h-6v-6h6z", "M5 1h10l5 9l-5 9h-10l-5-9z", "M4 1l6 6l6-6l3 3l-6 6l6 6l-3 3l-6-6l-6 6l-3-3l6-6l-6-6z"];
  const minBase = 50; // the smallest count that growth is measured from

  function plan(page, hash, parts) {
    if (!("core" in parts)) return { need: ["core"] };
    const core = parts.core;
    if (!core.scopes) return { figure: null };
    const wanted = nianbaoState.parse(hash);
    const list = nianbaoState.scopeOf(wanted, core) + "/bodies";
    if (!(list in parts)) return { need: [list] };
    const settled = nianbaoState.settle(page, wanted, core, parts[list]);
    const c = { page, core, parts, bodies: parts[list], ...settled };
    const need = kinds[c.tab.kind].needs(c).filter((name) => !(name in parts));
    return need.length ? { need } : { ...settled, core, bodies: c.bodies, figure: finish(c, kinds[c.tab.kind].draw(c)) };
  }

  // files are the data scripts of measures: of the picked bodies, or of all.
  function files(c, measures, all) {
    const parts = all ? c.bodies.code.map((_, b) => part(c, b)) : c.picked.map((b) => part(c, b));
    return measures.filter((id) => has(c, id)).flatMap((id) => [stem(c, id) + ".stats", ...[...new Set(parts)].map((n) => file(c, id, n))]);
  }
  const has = (c, id) => c.core.measures.some((m) => m.id === id && m.scopes.includes(c.state.scope));
  const stem = (c, id) => c.state.scope + "/" + id;
  const part = (c, b) => Math.floor(b / c.core.part);
  const file = (c, id, n) => stem(c, id) + (n ? "." + n : "");

  const say = (c, key, ...args) => c.page.words[key].replace(/%\[(\d)\][sd]|%%/g, (_, i) => (i ? String(args[i - 1]) : "%"));
  const word = (c, entry) => (c.page.lang === "en" && entry.en) || entry.zh;
  const name = (c, b) => (c.page.lang === "en" && c.bodies.en[b]) || c.bodies.zh[b];
  const measure = (c, id) => c.core.measures.find((m) => m.id === id);
  const stats = (c, id) => c.parts[stem(c, id) + ".stats"] || { bodies: [], q: [], pooled: [], funnel: {} };
  const unit = (c, m) => (m.unit !== "ratio" ? (c.page.lang === "en" ? m.unit_en : m.unit_zh) : m.kind === "rate" ? say(c, "per_100_closed") : "%");
  const format = (m) => (m.unit !== "ratio" ? "$count" : m.kind === "rate" ? "$per100" : "$share");
  const percent = (v) => (v * 100).toFixed(1);
  const show = (m, v) => (m.unit === "ratio" ? percent(v) : nianbaoOption.count(v));
  const sign = (m) => (m.unit === "ratio" && m.kind === "share" ? "%" : "");
  const fraction = (x, n) => nianbaoOption.count(x) + "\u00a0/\u00a0" + nianbaoOption.count(n);
  const colour = (i) => "$series-" + (i + 1);

  // years are those that the state asks for, or all of the scope.
  function years(c) {
    const [from, to] = c.state.years ? c.state.years.split("-").map(Number) : c.bodies.years;
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }

  // cell is what a body's report of a year says of a measure. why is in words what stands
  // for a value that cannot be drawn; joined: the line from the year before may be drawn.
  function cell(c, id, b, year) {
    const [first, last] = c.bodies.years;
    const span = last - first + 1;
    const p = c.parts[file(c, id, part(c, b))];
    const at = (b % c.core.part) * span + year - first;
    const get = (key) => (p && p[key] ? p[key][at] : null);
    const out = { v: get("v"), x: get("x"), n: get("n"), lo: get("lo"), hi: get("hi"), z: get("z"), z3: get("z3"),
      status: p ? p.s[at] : ".", grade: p ? p.g[at] : " ", joined: !!p && p.t[at] === "1", enough: !!p && p.e[at] === "1" };
    out.why = why(c, measure(c, id), out, c.bodies.state[b][year - first]);
    return out;
  }

  function why(c, m, it, state) {
    if (state === "a") return say(c, "absent");
    if (state === ".") return say(c, "not_collected");
    if (!m || it.status === ".") return say(c, "not_in_form");
    if (it.v === null && it.n === 0) return say(c, "no_requests_closed");
    const { id } = c.core.statuses[it.status] || { id: "number" };
    if (it.v === null && id === "missing_row") return say(c, "not_in_form");
    if (it.v === null) return ["number", "computed", "repaired", "corrected"].includes(id) ? say(c, "not_computable") : word(c, c.core.statuses[it.status]);
    return it.enough ? "" : say(c, "too_few", m.min_n);
  }

  const grade = (c, it) => say(c, "grade_" + ({ p: "proved", c: "contradicted" }[it.grade] || "unproved"));

  // tip is the tooltip of a value: where and when, what, its interval and its standing.
  function tip(c, m, b, year, it, ...more) {
    const lines = [it.n === null ? say(c, "label_value", word(c, m), show(m, it.v)) : say(c, sign(m) ? "share_of" : "pick_rate_of", word(c, m), show(m, it.v), fraction(it.x, it.n))];
    if (it.lo !== null && it.hi !== null) lines.push(say(c, "interval", show(m, it.lo), show(m, it.hi)));
    return [say(c, "at_year", name(c, b), year), ...lines, ...more, grade(c, it)];
  }

  // tableCell is a value with x/n and interval, or the words that stand for none.
  function tableCell(c, m, it) {
    const of = it.n === null || it.x === null ? "" : fraction(it.x, it.n);
    if (it.why) return { Text: it.why, Sub: it.enough || it.v === null ? "" : of, Missing: true };
    const span = it.lo === null ? "" : " · " + show(m, it.lo) + "–" + show(m, it.hi);
    return { Text: show(m, it.v) + sign(m), Sub: of + span, Contradicted: it.grade === "c" };
  }

  const breaks = (c, families, after, until) =>
    c.core.breaks.filter((b) => b.year > after && b.year <= until && (b.family === "*" || families.includes(b.family)));

  // runs cuts years where a family's figures are not comparable.
  function runs(c, family, list) {
    const out = [];
    for (const year of list) {
      if (!out.length || breaks(c, [family], year - 1, year).length) out.push([]);
      out.at(-1).push(year);
    }
    return out;
  }

  const mark = (it, i) => (it.grade === "c" ? { color: "$ground", borderColor: colour(i), borderWidth: 2 } : { color: colour(i), borderColor: colour(i), borderWidth: 2 });

  // breakMarks are the vertical lines between the years that a break separates.
  const breakMarks = (c, family, list) => breaks(c, [family], list[0], list.at(-1)).map((b) => ({ name: word(c, b), xAxis: b.year - 0.5 }));

  // points are those of a line: one a year, and nothing between two years that do not join.
  function points(c, id, b, i, list, value) {
    const out = [];
    let before = null;
    for (const year of list) {
      const it = cell(c, id, b, year);
      const v = it.why ? null : value(it, year, b);
      if (before !== null && v !== null && !it.joined) out.push({ value: [year - 0.5, null] });
      out.push(v === null ? { value: [year, null] } : { value: [year, v], itemStyle: mark(it, i), tip: tip(c, measure(c, id), b, year, it, ...(v === it.v ? [] : [say(c, "pick_index_of", Math.round(v))])) });
      before = v;
    }
    return out;
  }

  // band is the middle half of all bodies, and median their middle, cut at breaks.
  function band(c, id, list, floor) {
    const q = (year) => stats(c, id).q[year - c.bodies.years[0]];
    const segments = runs(c, measure(c, id).family, list);
    const clip = (v) => (floor ? Math.max(v, floor) : v);
    const areas = segments.flatMap((run) => run.slice(1).filter((y) => q(y) && q(y - 1))
      .map((y) => ({ value: [y - 1, clip(q(y - 1)[1]), clip(q(y - 1)[3]), y, clip(q(y)[1]), clip(q(y)[3])] })));
    const middle = segments.flatMap((run, i) => [...(i ? [{ value: [run[0] - 0.5, null] }] : []), ...run.map((y) => ({ value: [y, q(y) && (!floor || q(y)[2] > 0) ? q(y)[2] : null] }))]);
    return { areas, middle, any: middle.some((d) => d.value[1] !== null) };
  }

  const label = (text, i) => ({ text, label: { show: true, position: "right", formatter: "$text", color: i < 0 ? "$muted" : colour(i), fontSize: 12, fontWeight: i < 0 ? "normal" : "bold" } });
  const legend = (c) => c.picked.map((b, i) => ({ Class: "series-" + (i + 1), Path: shapes[i], Label: name(c, b) }));

  // subtitle names measure, unit, scope and years.
  function subtitle(c, what, unitText, list) {
    const scope = c.core.scopes.find((s) => s.id === c.state.scope);
    return say(c, "subtitle", what, unitText, word(c, scope), list.length > 1 ? list[0] + "–" + list.at(-1) : list[0]);
  }

  // proto is a series of a frame by its name, with other data.
  const proto = (option, id, more) => ({ ...clone(option.series.find((s) => s.name === id)), ...more });

  // finish adds what every figure has.
  function finish(c, f) {
    const keys = [["hollow", f.hollow], ["gap", f.gap], ["break", f.breaks], ["interval", f.interval], ["band", f.band]];
    f.Keys = keys.filter(([, used]) => used).map(([kind]) => ({ Kind: kind, Label: say(c, (kind === "band" ? "pick_key_" : "key_") + kind) }));
    f.Notes = f.notes.length > 12 ? [...f.notes.slice(0, 12), say(c, "pick_more_notes", f.notes.length - 12)] : f.notes;
    f.Table = groups(f.Table);
    f.Hash = f.Option ? hash(JSON.stringify(f.Option)) : "";
    f.CSV = csv(c, f);
    delete f.notes;
    delete f.shown;
    return f;
  }

  function groups(table) {
    let first = null;
    for (const row of table.Rows) {
      if (row.Group && first && first.Group === row.Group) first.Rows++;
      else if (row.Group) (first = row).Rows = 1;
    }
    return table;
  }

  // hash is 53 bits of a text's (cyrb53, public domain), in hexadecimal.
  function hash(text) {
    let [a, b] = [0xdeadbeef, 0x41c6ce57];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, "0");
  }

  // csv prints the figures that are shown: f.shown lists measure, body and year. The byte
  // order mark is for spreadsheet programs; text that one would compute gets a quote.
  function csv(c, f) {
    const scope = c.core.scopes.find((s) => s.id === c.state.scope);
    const head = ["build_id", "title", "source", "scope", "scope_zh", "scope_en", "body_zh", "body_en", "adcode", "report_year",
      "measure", "label_zh", "label_en", "unit", "value", "numerator", "denominator", "low_95", "high_95", "status", "grade"];
    const rows = f.shown.map(([id, b, year]) => {
      const [m, it] = [measure(c, id), cell(c, id, b, year)];
      const state = c.bodies.state[b][year - c.bodies.years[0]];
      const status = state === "a" ? "absent" : state === "." ? "not_collected" : (c.core.statuses[it.status] || { id: "missing_row" }).id;
      const standing = { p: "proved", u: "unproved", c: "contradicted" }[it.grade] || "";
      return [c.core.build, f.Title, c.page.words.pick_source, scope.id, scope.zh, scope.en, c.bodies.zh[b], c.bodies.en[b], c.bodies.code[b], year,
        id, m.zh, m.en, m.unit, it.v, it.x, it.n, it.lo, it.hi, status, standing];
    });
    const field = (v) => {
      let text = v === null || v === undefined ? "" : String(v);
      if (typeof v === "string" && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
      return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    };
    return "\ufeff" + [head, ...rows].map((row) => row.map(field).join(",") + "\r\n").join("");
  }

  // yearTable has a row a year and a column a body; notes say what is not drawn and why.
  function yearTable(c, id, list) {
    const notes = [];
    const Rows = list.map((year) => ({ Head: String(year), Cells: c.picked.map((b) => {
      const it = cell(c, id, b, year);
      if (it.why && it.why !== say(c, "not_collected")) notes.push(say(c, "note_missing", name(c, b), year, it.why));
      return tableCell(c, measure(c, id), it);
    }) }));
    return { notes, Table: { Head: [say(c, "year"), ...c.picked.map((b) => name(c, b))], Rows } };
  }

  const shown = (c, measures, bodies, list) => measures.flatMap((id) => bodies.flatMap((b) => list.map((year) => [id, b, year])));

  // ---- lines over the years --------------------------------------------------------

  const trendMeasure = (c) => (c.state.as === "per" ? "apps_per_100k" : c.state.measure);

  // index is a value as a share of the first year of its run, for points.
  function index(c, id, list, notes) {
    const base = new Map(runs(c, measure(c, id).family, list).flatMap((run) => run.map((year) => [year, run[0]])));
    const left = new Set();
    const value = (it, year, b) => {
      const from = cell(c, id, b, base.get(year));
      for (let y = base.get(year) + 1; y <= year; y++) {
        const step = cell(c, id, b, y);
        if (!step.why && !step.joined && !cell(c, id, b, y - 1).why) return null;
      }
      if (!from.why && from.v >= minBase) return (100 * it.v) / from.v;
      left.add(say(c, "pick_no_base", name(c, b), base.get(year), minBase));
      return null;
    };
    return { value, done: () => notes.push(...left), bases: [...new Set(base.values())] };
  }

  kinds.trend = {
    needs: (c) => (c.state.measure ? files(c, [trendMeasure(c)]) : []),
    draw(c) {
      const [id, list] = [trendMeasure(c), years(c)];
      if (!id) return empty(c);
      const m = measure(c, id);
      const { notes, Table } = yearTable(c, id, list);
      const option = clone(c.tab.option);
      const indexed = c.state.as === "index" ? index(c, id, list, notes) : null;
      const log = c.state.scale === "log";
      const value = (it, year, b) => (indexed ? indexed.value(it, year, b) : log && it.v === 0 ? (notes.push(say(c, "pick_zero_on_log", name(c, b), year)), null) : it.v);
      const lines = c.picked.map((b, i) => proto(c.tab.option, "line", { name: name(c, b), symbol: "path://" + shapes[i],
        data: points(c, id, b, i, list, value), lineStyle: { color: colour(i), width: 2 }, itemStyle: { color: colour(i) } }));
      for (const [i, line] of lines.entries()) {
        const last = line.data.findLast((d) => d.value[1] !== null);
        if (last) Object.assign(last, label(line.name, i));
      }
      if (indexed) indexed.done();
      const values = lines.flatMap((l) => l.data.map((d) => d.value[1])).filter((v) => v !== null);
      const floor = log ? 10 ** Math.floor(Math.log10(Math.min(...values.filter((v) => v > 0), 1e9))) : 0;
      const rest = indexed ? { areas: [], middle: [] } : band(c, id, list, floor);
      const marks = breakMarks(c, m.family, list);
      const last = rest.middle.findLast((d) => d.value[1] !== null);
      if (last) Object.assign(last, label(say(c, "pick_median"), -1));
      option.series = [proto(c.tab.option, "band", { data: rest.areas }), proto(c.tab.option, "median", { data: rest.middle }), ...lines];
      if (marks.length) option.series[1].markLine.data = marks;
      else delete option.series[1].markLine;
      Object.assign(option.xAxis[0], { min: list[0] - 0.25, max: list.at(-1) + 0.25, splitNumber: Math.min(list.length, 9) });
      option.yAxis[0].axisLabel.formatter = indexed ? "$count" : format(m);
      if (log) Object.assign(option.yAxis[0], { type: "log", min: floor });
      const what = indexed ? say(c, "pick_index_unit", indexed.bases.join(c.page.lang === "en" ? ", " : "、")) : unit(c, m);
      return { Title: word(c, m), Subtitle: subtitle(c, word(c, m), what, list), Rows: 13, Option: values.length || rest.any ? option : null,
        Legend: legend(c), notes, Table, hollow: lines.some((l) => l.data.some((d) => d.itemStyle && d.itemStyle.color === "$ground")),
        gap: true, breaks: marks.length > 0, band: rest.any, shown: shown(c, [id], c.picked, list) };
    },
  };

  function empty(c) {
    const scope = c.core.scopes.find((s) => s.id === c.state.scope);
    return { Title: c.tab.label, Subtitle: word(c, scope), Rows: 0, Option: null, Legend: [], notes: [say(c, "nothing")], Table: { Head: [], Rows: [] }, shown: [] };
  }

  return { plan, kinds, clone, shapes, minBase, files, has, say, word, name, measure, stats, unit, format, percent, show, sign, fraction, colour, years, cell, tip,
    tableCell, breaks, runs, mark, breakMarks, points, band, label, legend, subtitle, proto, yearTable, shown, empty };
})();
