"use strict";

// The charts of a picker other than lines: each fills the frame of its tab, see series.js.
(() => {
  const S = nianbaoSeries;
  const { kinds, clone, say, word, name, measure, stats, cell, proto } = S;
  const all = (c) => c.bodies.code.map((_, b) => b);
  const at = (c, year) => year - c.bodies.years[0];
  const year = (c) => Number(c.state.year);
  const pooledText = (c, m, v) => say(c, "pick_pooled", S.show(m, v));

  // scatter of the mulberry32 generator: the same for a body and year in every build.
  function jitter(b, y) {
    let t = (b * 4099 + y * 31 + 0x6d2b79f5) | 0;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296 - 0.5;
  }

  // pickedDot is the mark of a picked body: its colour and symbol, hollow where contradicted.
  function pickedDot(c, b, it, value, tip, labelled) {
    const i = c.picked.indexOf(b);
    return { value, symbol: "path://" + S.shapes[i], itemStyle: S.mark(it, i), tip, ...(labelled ? S.label(name(c, b), i) : {}) };
  }

  // figure is what most charts here have in common.
  function figure(c, m, list, more) {
    return { Title: word(c, m), Subtitle: S.subtitle(c, word(c, m), S.unit(c, m), list), Rows: 15, Legend: S.legend(c), notes: [], ...more };
  }

  const fewer = (c, notes, count, key, ...args) => (count ? [...notes, say(c, key, count, ...args)] : notes);

  // ---- how a measure is spread (C8), and the backlog (C13) ---------------------------

  const ledger = ["app_carried_out", "app_carried_in"];

  // mismatches are the years in which a body took over another number of requests than
  // it had carried over the year before.
  function mismatches(c, list) {
    const out = [];
    for (const b of all(c)) {
      for (const y of list.slice(1)) {
        const [left, taken] = [cell(c, ledger[0], b, y - 1), cell(c, ledger[1], b, y)];
        if (!left.why && !taken.why && left.v !== taken.v) out.push({ b, y, left: left.v, taken: taken.v });
      }
    }
    return out;
  }

  kinds.spread = {
    needs: (c) => (c.state.measure ? S.files(c, [c.state.measure, ...(c.tab.id === "backlog" ? ledger : [])], true) : []),
    draw(c) {
      if (!c.state.measure) return S.empty(c);
      const [m, list, st] = [measure(c, c.state.measure), S.years(c), stats(c, c.state.measure)];
      const { Table, notes } = S.yearTable(c, m.id, list);
      const [dots, picked, boxes, map] = [[], [], [], {}];
      for (const y of list) {
        let n = 0;
        for (const b of all(c)) {
          const it = cell(c, m.id, b, y);
          if (it.why) continue;
          n++;
          const tip = S.tip(c, m, b, y, it);
          if (c.picked.includes(b)) picked.push(pickedDot(c, b, it, [y, it.v], tip, y === list.at(-1)));
          else dots.push({ value: [y + 0.5 * jitter(b, y), it.v], tip });
        }
        map[y] = y + "\nn=" + n;
        const q = st.q[at(c, y)];
        if (q) boxes.push({ value: [y, ...q] });
        Table.Rows[list.indexOf(y)].Cells.unshift(...[0, 1, 2, 3, 4].map((i) => (q ? { Text: S.show(m, q[i]) } : { Text: say(c, "pick_too_few_bodies"), Missing: true })), { Text: String(n) });
      }
      Table.Head.splice(1, 0, "5%", "25%", "50%", "75%", "95%", "n");
      const option = clone(c.tab.option);
      const marks = S.breakMarks(c, m.family, list);
      option.series = [proto(c.tab.option, "dots", { data: dots }), proto(c.tab.option, "box", { data: boxes }), proto(c.tab.option, "picked", { data: picked, symbolSize: 10 })];
      if (marks.length) option.series[0].markLine = { ...option0(c).markLine, data: marks };
      Object.assign(option.xAxis[0], { min: list[0] - 0.5, max: list.at(-1) + 0.5, splitNumber: list.length });
      Object.assign(option.xAxis[0].axisLabel, { formatter: { map } });
      option.yAxis[0].axisLabel.formatter = S.format(m);
      const wrong = c.tab.id === "backlog" && ledger.every((id) => S.has(c, id)) ? mismatches(c, list) : [];
      const own = wrong.filter((w) => c.picked.includes(w.b)).map((w) => say(c, "pick_mismatch", name(c, w.b), w.y - 1, w.left, w.y, w.taken));
      return figure(c, m, list, { Option: dots.length || picked.length ? option : null, Table, breaks: marks.length > 0, hollow: true,
        notes: fewer(c, [...own, ...notes], wrong.length - own.length, "pick_mismatches"), shown: S.shown(c, [m.id], all(c), list) });
    },
  };

  const option0 = (c) => c.tab.option.series.find((s) => s.name === "median");

  // ---- rows: who grew (C3), and one province (C10) -----------------------------------

  // rows are a line and dots a body: spans [{low, high}] with an end at value.
  function rows(c, lines, formatter, pooled) {
    const option = clone(c.tab.option);
    const names = lines.map((l) => name(c, l.b));
    const spans = lines.map((l, row) => (l.span ? { value: [l.span[0], row, l.span[1]], tip: l.tip } : null)).filter(Boolean);
    const dots = lines.map((l, row) => (l.value === undefined ? null : c.picked.includes(l.b) ? pickedDot(c, l.b, l.it, [l.value, row], l.tip)
      : { value: [l.value, row], tip: l.tip, symbolSize: 10, itemStyle: l.it.grade === "c" ? { color: "$ground", borderColor: "$dot", borderWidth: 2 } : { color: "$dot", opacity: 1 } })).filter(Boolean);
    option.series = [proto(c.tab.option, "span", { data: spans }), proto(c.tab.option, "picked", { data: dots })];
    if (pooled) {
      option.series[1].markLine = { ...option0(c).markLine, data: [{ name: pooled.text, xAxis: pooled.value }] };
      option.series[1].markLine.lineStyle = { color: "$muted", type: "solid", width: 1 };
      option.series[1].markLine.label = { ...option.series[1].markLine.label, position: "start" };
    }
    Object.assign(option.yAxis[0], { data: names });
    Object.assign(option.yAxis[0].axisLabel, { width: 124, overflow: "truncate" });
    Object.assign(option.grid[0], { left: "140", right: "96", bottom: "34" });
    option.yAxis[1].data = lines.map((l) => l.right || "");
    option.xAxis[0].axisLabel.formatter = formatter;
    return { option: dots.length ? option : null, height: lines.length + 1 };
  }

  const shownEnds = 20; // of the bodies that grew most and least

  kinds.growth = {
    needs: (c) => (c.state.measure ? S.files(c, [c.state.measure], true) : []),
    draw(c) {
      if (!c.state.measure) return S.empty(c);
      const m = measure(c, c.state.measure);
      const range = S.years(c);
      const run = S.runs(c, m.family, range).at(-1); // both ends in one era
      const [from, to] = [run[0], run.at(-1)];
      const found = [];
      let left = 0;
      for (const b of all(c)) {
        const [a, z] = [cell(c, m.id, b, from), cell(c, m.id, b, to)];
        if (a.why && z.why && c.bodies.state[b].replace(/\./g, "") === "") continue;
        if (from === to || a.why || z.why || a.v < S.minBase) left++;
        else found.push({ b, it: z, value: (100 * z.v) / a.v, from: a.v, to: z.v });
      }
      found.sort((p, q) => q.value - p.value || p.b - q.b);
      const lines = found.filter((l, i) => i < shownEnds || i >= found.length - shownEnds || c.picked.includes(l.b));
      for (const l of lines) {
        l.span = [100, l.value];
        l.right = Math.round(l.value) + "";
        l.tip = [name(c, l.b), say(c, "pick_from_to", from, S.show(m, l.from), to, S.show(m, l.to)), say(c, "pick_index_of", Math.round(l.value))];
      }
      const { option, height } = rows(c, lines, "$count");
      const Rows = lines.map((l) => ({ Head: name(c, l.b), Cells: [{ Text: S.show(m, l.from) }, { Text: S.show(m, l.to), Contradicted: l.it.grade === "c" }, { Text: l.right }] }));
      const notes = fewer(c, [], left, "pick_no_ends", S.minBase, from, to);
      if (from > range[0]) notes.unshift(say(c, "pick_one_era", from, to));
      if (lines.length < found.length) notes.push(say(c, "pick_ends_only", shownEnds, found.length));
      return figure(c, m, [from, to].slice(from === to ? 1 : 0), { Option: option, Rows: height, notes, hollow: lines.some((l) => l.it.grade === "c"),
        Subtitle: S.subtitle(c, word(c, m), say(c, "pick_index_unit", from), [from, to]),
        Table: { Head: [say(c, "pick_bodies"), String(from), String(to), say(c, "pick_index")], Rows }, shown: lines.flatMap((l) => [[m.id, l.b, from], [m.id, l.b, to]]) });
    },
  };

  const mostRows = 60;

  kinds.dots = {
    needs: (c) => (c.state.measure ? S.files(c, [c.state.measure], true) : []),
    draw(c) {
      if (!c.state.measure) return S.empty(c);
      const [m, y] = [measure(c, c.state.measure), year(c)];
      const inside = all(c).filter((b) => c.bodies.province[b] === (c.state.province || ""));
      const lines = inside.map((b) => {
        const it = cell(c, m.id, b, y);
        return it.why ? { b, it, right: it.why } : { b, it, value: it.v, span: it.lo === null ? null : [it.lo, it.hi], right: S.fraction(it.x, it.n), tip: S.tip(c, m, b, y, it) };
      }).sort((p, q) => (q.value ?? -1) - (p.value ?? -1) || p.b - q.b).slice(0, mostRows);
      const whole = stats(c, m.id).pooled[at(c, y)];
      const { option, height } = rows(c, lines, S.format(m), whole && whole.v !== null ? { text: pooledText(c, m, whole.v), value: whole.v } : null);
      const Rows = lines.map((l) => ({ Head: name(c, l.b), Cells: [S.tableCell(c, m, l.it)] }));
      const notes = fewer(c, whole && whole.places ? [say(c, "pick_covers", whole.bodies, whole.places)] : [], Math.max(0, inside.length - mostRows), "pick_more_rows");
      return figure(c, m, [y], { Option: option, Rows: height, notes, interval: true, hollow: lines.some((l) => l.it.grade === "c"),
        Table: { Head: [say(c, "pick_bodies"), word(c, m)], Rows }, shown: S.shown(c, [m.id], lines.map((l) => l.b), [y]) });
    },
  };

  // ---- funnel (C9) -------------------------------------------------------------------

  // pooledCell adds up a body's three years that end with y; the score says whether the
  // warehouse counts them together.
  function pooledCell(c, m, b, y, pool) {
    const last = cell(c, m.id, b, y);
    if (pool === 1) return { ...last, score: last.z };
    const three = [y - 2, y - 1, y].map((t) => (t >= c.bodies.years[0] ? cell(c, m.id, b, t) : { x: null, n: null }));
    const [x, n] = ["x", "n"].map((k) => three.reduce((sum, it) => sum + it[k], 0));
    return { ...last, x, n, v: n ? (m.per * x) / n : null, lo: null, hi: null, score: last.z3 };
  }

  kinds.funnel = {
    needs: (c) => (c.state.measure ? S.files(c, [c.state.measure], true) : []),
    draw(c) {
      if (!c.state.measure) return S.empty(c);
      const [m, y, pool] = [measure(c, c.state.measure), year(c), Number(c.state.pool)];
      const span = pool === 1 ? String(y) : y - 2 + "-" + y;
      const limits = stats(c, m.id).funnel[span];
      const [dots, picked, Rows, out] = [[], [], [], []];
      let left = 0;
      for (const b of all(c)) {
        const it = pooledCell(c, m, b, y, pool);
        if (it.score === null || it.v === null) {
          if (c.bodies.state[b][at(c, y)] !== ".") left++;
          continue;
        }
        const far = Math.abs(it.score);
        const where = say(c, far > 3.0902 ? "pick_beyond_998" : far > 1.96 ? "pick_beyond_95" : "pick_inside");
        const tip = S.tip(c, m, b, span, it, where);
        if (c.picked.includes(b)) picked.push(pickedDot(c, b, it, [it.n, it.v], tip, true));
        else dots.push({ value: [it.n, it.v], tip });
        out.push(b);
        Rows.push({ Head: name(c, b), Cells: [{ Text: S.show(m, it.v) + S.sign(m), Sub: S.fraction(it.x, it.n), Contradicted: it.grade === "c" }, { Text: where }] });
      }
      const option = clone(c.tab.option);
      const line = (key, type, width) => proto(c.tab.option, "limit", { data: limits.grid.map((n, i) => ({ value: [n, key ? limits[key][i] : limits.target] })), lineStyle: { color: "$muted", width, type } });
      if (limits) {
        const centre = line("", "solid", 1.5);
        Object.assign(centre.data.at(-1), S.label(pooledText(c, m, limits.target), -1));
        option.series = [proto(c.tab.option, "dots", { data: dots }), centre, line("l95", "dashed", 1), line("h95", "dashed", 1), line("l998", "solid", 1), line("h998", "solid", 1), proto(c.tab.option, "picked", { data: picked })];
        Object.assign(option.xAxis[0], { type: "log", min: limits.grid[0], max: limits.grid.at(-1), name: say(c, "pick_n_axis"), nameLocation: "middle", nameGap: 26, nameTextStyle: { color: "$muted", fontSize: 12 } });
        option.yAxis[0].axisLabel.formatter = S.format(m);
        option.grid[0].bottom = "48";
      }
      const notes = limits ? [say(c, "pick_limits", S.show(m, limits.target), limits.bodies, limits.od.toFixed(1), limits.tau2.toPrecision(2))] : [say(c, "pick_no_funnel", span)];
      return figure(c, m, [span], { Option: limits ? option : null, notes: fewer(c, notes, left, "pick_left_out", m.min_n), Table: { Head: [say(c, "pick_bodies"), word(c, m), say(c, "pick_position")], Rows },
        hollow: picked.some((d) => d.itemStyle.color === "$ground"), shown: S.shown(c, [m.id], out, pool === 1 ? [y] : [y - 2, y - 1, y]) });
    },
  };

  // ---- two rates against each other (C14) --------------------------------------------

  kinds.scatter = {
    needs: (c) => S.files(c, c.tab.measures, true),
    draw(c) {
      const [mx, my] = c.tab.measures.map((id) => (S.has(c, id) ? measure(c, id) : null));
      if (!mx || !my) return S.empty(c);
      const y = year(c);
      const [dots, picked, Rows, out] = [[], [], [], []];
      for (const b of all(c)) {
        const [a, d] = [cell(c, mx.id, b, y), cell(c, my.id, b, y)];
        if (a.why || d.why) continue;
        const tip = S.tip(c, mx, b, y, a, ...S.tip(c, my, b, y, d).slice(1, -1));
        const dot = { value: [a.v, d.v], symbolSize: Math.min(40, 5 + Math.sqrt(a.n) / 4) };
        if (c.picked.includes(b)) picked.push({ ...pickedDot(c, b, d, dot.value, tip, true), symbolSize: Math.max(12, dot.symbolSize) });
        else dots.push({ ...dot, tip });
        out.push(b);
        Rows.push({ Head: name(c, b), Cells: [S.tableCell(c, mx, a), S.tableCell(c, my, d)] });
      }
      const option = clone(c.tab.option);
      const title = (axis, m) => Object.assign(axis, { name: word(c, m) + "（" + S.unit(c, m) + "）", nameLocation: "middle", nameTextStyle: { color: "$muted", fontSize: 12 } });
      title(option.xAxis[0], mx).nameGap = 28;
      title(option.yAxis[0], my).nameGap = 40;
      Object.assign(option.xAxis[0], { min: 0, max: Math.max(0.01, ...dots.concat(picked).map((d) => d.value[0])) * 1.05 });
      option.xAxis[0].axisLabel.formatter = S.format(mx);
      option.yAxis[0].axisLabel.formatter = S.format(my);
      option.grid[0].bottom = "48";
      option.series = [proto(c.tab.option, "dots", { data: dots }), proto(c.tab.option, "picked", { data: picked })];
      const what = say(c, "pick_against", word(c, my), word(c, mx));
      return { ...figure(c, my, [y], { Option: out.length ? option : null, notes: [say(c, "pick_size")], Table: { Head: [say(c, "pick_bodies"), word(c, mx), word(c, my)], Rows }, shown: S.shown(c, [mx.id, my.id], out, [y]) }),
        Title: what, Subtitle: S.subtitle(c, what, S.unit(c, my), [y]) };
    },
  };

  // ---- small multiples (C5, C12) -----------------------------------------------------

  kinds.panels = {
    needs: (c) => S.files(c, c.tab.measures),
    draw(c) {
      const list = S.years(c);
      const ids = c.tab.measures.filter((id) => S.has(c, id));
      if (!ids.length || !c.picked.length) return S.empty(c);
      const option = clone(c.tab.option);
      const [deep, notes, Rows] = [Math.ceil(ids.length / 2), [], []];
      const place = (i) => ({ left: i % 2 ? "56%" : "6%", right: "auto", width: "42%", top: (100 / deep) * Math.floor(i / 2) + 16 / deep + "%", bottom: "auto", height: 66 / deep + "%" });
      Object.assign(option, { grid: [], xAxis: [], yAxis: [], series: [], title: [] });
      let top = 0.05;
      ids.forEach((id, i) => {
        const m = measure(c, id);
        const box = place(i);
        const [x, y] = [clone(c.tab.option.xAxis[0]), clone(c.tab.option.yAxis[0])];
        Object.assign(x, { gridIndex: i, min: list[0] - 0.25, max: list.at(-1) + 0.25, splitNumber: 4 });
        Object.assign(y, { gridIndex: i, min: 0 });
        y.axisLabel.formatter = S.format(m);
        option.grid.push(box);
        option.xAxis.push(x);
        option.yAxis.push(y);
        option.title.push({ text: word(c, m), left: box.left, top: (100 / deep) * Math.floor(i / 2) + "%", textStyle: { color: "$ink", fontSize: 13, fontWeight: "bold" } });
        const rest = S.band(c, id, list, 0);
        const marks = S.breakMarks(c, m.family, list);
        const axes = { xAxisIndex: i, yAxisIndex: i };
        const median = proto(c.tab.option, "median", { data: rest.middle, ...axes });
        if (marks.length) median.markLine = { ...median.markLine, label: { show: false }, data: marks };
        else delete median.markLine;
        option.series.push(proto(c.tab.option, "band", { data: rest.areas, ...axes }), median);
        c.picked.forEach((b, k) => option.series.push(proto(c.tab.option, "line", { data: S.points(c, id, b, k, list, (it) => it.v), symbol: "path://" + S.shapes[k], symbolSize: 7,
          lineStyle: { color: S.colour(k), width: 2 }, itemStyle: { color: S.colour(k) }, ...axes })));
        for (const d of option.series.flatMap((s) => s.data)) top = Math.max(top, d.value[1] || 0, d.value[5] || 0, d.value[2] || 0);
        const told = S.yearTable(c, id, list);
        notes.push(...told.notes.map((note) => word(c, m) + " · " + note));
        list.forEach((y, at) => Rows.push({ Group: word(c, m), Head: String(y), Cells: told.Table.Rows[at].Cells }));
      });
      for (const y of option.yAxis) y.max = Math.ceil(top * 10) / 10;
      const m = measure(c, ids[0]);
      const title = say(c, "pick_title_" + c.tab.id);
      return { ...figure(c, m, list, { Option: option, Rows: 3 + 8 * deep, notes, gap: true, breaks: true, band: true, hollow: true, Table: { Head: [say(c, "pick_measure"), say(c, "year"), ...c.picked.map((b) => name(c, b))], Rows },
        shown: S.shown(c, ids, c.picked, list) }), Title: title, Subtitle: S.subtitle(c, title, S.unit(c, m), list) };
    },
  };

  // ---- stacked bars (C4, results of C12) ---------------------------------------------

  const stacks = {
    outcomes: { parts: ["out_granted", "out_partial", "out_denied", "out_unavail", "out_notproc", "out_other"], colour: "out", share: true },
    reviews: { parts: ["rev_upheld", "rev_corrected", "rev_other", "rev_pending"], colour: "result" },
    lawsuits: { parts: ["lit_upheld", "lit_corrected", "lit_other", "lit_pending"], colour: "result" },
  };

  // decals are patterns over fills, as those of package charts: colour is not alone.
  const stripes = { symbol: "rect", symbolSize: 1, color: "$decal", dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: -0.785 };
  const dotted = { symbol: "circle", symbolSize: 0.9, color: "$decal", dashArrayX: [[4, 4], [0, 4, 4, 0]], dashArrayY: [4, 0], rotation: 0.4 };
  const decals = [undefined, stripes, undefined, dotted, undefined, stripes];

  kinds.bars = {
    needs: (c) => S.files(c, stacks[c.tab.id].parts),
    draw(c) {
      const { parts, colour, share } = stacks[c.tab.id];
      const list = S.years(c);
      if (!S.has(c, parts[0]) || !c.picked.length) return S.empty(c);
      const family = measure(c, parts[0]).family.replace("outcome_group", "outcome");
      const [lines, notes, Rows] = [[], [], []];
      for (const b of c.picked) {
        lines.push({ text: name(c, b), head: true });
        for (const y of list) {
          for (const mark of y > list[0] ? S.breaks(c, [family], y - 1, y) : []) lines.push({ text: word(c, mark) });
          const cells = parts.map((id) => cell(c, id, b, y));
          const whys = cells.map((it) => it.why).filter(Boolean);
          if (whys[0] === say(c, "not_collected")) continue;
          const sum = cells.reduce((total, it) => total + (it.why ? 0 : it.v), 0);
          const text = whys.length ? whys[0] : sum === 0 ? say(c, "no_requests_closed") : "";
          if (text && whys.length) notes.push(say(c, "note_missing", name(c, b), y, text));
          lines.push({ year: String(y), text: share ? text : whys.length ? text : "", cells, sum, right: whys.length ? "" : "n = " + nianbaoOption.count(sum) + (cells.some((it) => it.grade === "c") ? " ○" : ""), b });
          Rows.push({ Group: name(c, b), Head: String(y), Cells: parts.map((id, i) => ({ ...S.tableCell(c, measure(c, id), cells[i]), Sub: share && !whys.length && sum ? S.percent(cells[i].v / sum) + "%" : "" })) });
        }
      }
      const option = clone(c.tab.option);
      const texts = lines.map((l) => (l.text ? { value: 0, text: l.text, label: { show: true, position: "right", formatter: "$text", color: l.head ? "$ink" : "$muted", fontSize: l.head ? 13 : 12, fontWeight: l.head ? "bold" : "normal" } } : { value: null }));
      option.series = [proto(c.tab.option, "bar", { data: texts, itemStyle: { color: "transparent" } }), ...parts.map((id, i) => proto(c.tab.option, "bar", { data: lines.map((l) => segment(l, id, i)) }))];
      function segment(l, id, i) {
        if (!l.cells || l.text) return { value: null };
        const value = share ? l.cells[i].v / l.sum : l.cells[i].v;
        const of = share ? say(c, "share_of", word(c, measure(c, id)), S.percent(value), S.fraction(l.cells[i].v, l.sum)) : say(c, "label_value", word(c, measure(c, id)), nianbaoOption.count(value));
        return { value, tip: [say(c, "at_year", name(c, l.b), l.year), of], itemStyle: { color: "$" + colour + "-" + (i + 1), decal: decals[i], ...(value > 0 ? { borderColor: "$ground", borderWidth: 1 } : {}) },
          ...(share && value >= 0.1 ? { text: Math.round(100 * value) + "%", label: { show: true, position: "inside", formatter: "$text", color: "$on-out-" + (i + 1), fontSize: 12 } } : {}) };
      }
      Object.assign(option.grid[0], { left: "54", right: "96", top: "4", bottom: "34" });
      option.yAxis[0].data = lines.map((l) => l.year || "");
      option.yAxis[1].data = lines.map((l) => l.right || "");
      Object.assign(option.xAxis[0], share ? { min: 0, max: 1, interval: 0.25 } : { min: 0 });
      option.xAxis[0].axisLabel.formatter = share ? "$share" : "$count";
      const title = say(c, "pick_title_" + c.tab.id);
      return { Title: title, Subtitle: S.subtitle(c, title, share ? "%" : S.unit(c, measure(c, parts[0])), list), Rows: Math.min(lines.length + 1, 110), Option: Rows.length ? option : null, notes,
        Legend: parts.map((id, i) => ({ Class: colour + "-" + (i + 1), Path: "", Label: word(c, measure(c, id)) })), hollow: lines.some((l) => (l.right || "").endsWith("○")),
        Table: { Head: [say(c, "pick_bodies"), say(c, "year"), ...parts.map((id) => word(c, measure(c, id)))], Rows }, shown: S.shown(c, parts, c.picked, list) };
    },
  };
})();
