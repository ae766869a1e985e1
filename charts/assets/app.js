"use strict";

// Draws the charts of a page. Each data file calls nianbao.chart(id, option) with an
// option built by package charts. Strings that start with "$" are resolved here:
// under a colour key they name a custom property of the style sheet, under
// "formatter" one of the functions below. All other text is drawn as text.
const nianbao = (() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wide = matchMedia("(min-width: 720px)");
  const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
  const colourKeys = new Set(["color", "borderColor", "backgroundColor"]);
  const formatters = {
    $year: (value) => (Number.isInteger(value) ? String(value) : ""),
    $count: (value) => number.format(value),
    $share: (value) => Math.round(value * 100) + "%",
    $per100: (value) => number.format(value * 100),
    $text: (item) => item.data.text,
    $tip: (item) => tip(item.data.tip),
  };
  const charts = new Map(); // plot element -> {chart, option}

  function tip(lines) {
    if (!lines) return "";
    const box = document.createElement("div");
    box.className = "tip";
    for (const line of lines) {
      const p = document.createElement("p");
      p.textContent = line;
      box.append(p);
    }
    return box;
  }

  function resolve(value, key, colours) {
    if (Array.isArray(value)) return value.map((item) => resolve(item, key, colours));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, k, colours)]));
    }
    if (typeof value !== "string" || value[0] !== "$") return value;
    if (key === "formatter" && Object.hasOwn(formatters, value)) return formatters[value];
    if (colourKeys.has(key)) return colours.getPropertyValue("--" + value.slice(1)).trim();
    return value;
  }

  // finish adds what depends on the page: fonts, the tooltip's box, room for labels.
  function finish(option, colours, room) {
    option.grid[0].right = Number(option.grid[0].right);
    option.textStyle = { fontFamily: colours.fontFamily };
    option.aria = { enabled: false };
    Object.assign(option.tooltip, { confine: true, padding: 0, borderWidth: 0, backgroundColor: "transparent", extraCssText: "box-shadow:none" });
    for (const axis of [...option.xAxis, ...option.yAxis]) axis.axisTick = { show: false };
    for (const series of option.series) {
      series.cursor = "default";
      if (series.markLine) Object.assign(series.markLine, { silent: true, label: { ...series.markLine.label, show: wide.matches } });
      for (const item of series.data) {
        if (series.type === "line") labelPoint(item, option, colours, room);
        else if (item.label && item.label.position === "right") Object.assign(item.label, { width: room, overflow: "truncate" });
      }
    }
    return option;
  }

  // labelPoint wraps the label of a point and makes room for it at the right.
  function labelPoint(item, option, colours, room) {
    if (!item.label) return;
    if (!wide.matches) {
      delete item.label;
      return;
    }
    const full = width(item.text, colours);
    const size = Math.min(full, 170);
    item.lines = Math.ceil((full * 1.1) / 170);
    Object.assign(item.label, { width: size, overflow: "break", lineHeight: 15 });
    const [grid, { min, max }] = [option.grid[0], option.xAxis[0]];
    const needed = item.label.position === "top" ? size / 2 : size + 14;
    grid.right = Math.max(grid.right, margin((max - item.value[0]) / (max - min), needed, room));
  }

  // margin is the space right of the plot that a label needs whose point lies a share
  // of the plot's width from its right edge; room is the width of plot and margin.
  function margin(share, label, room) {
    return share < 1 ? Math.ceil((label - share * room) / (1 - share)) : 0;
  }

  function width(text, colours) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "bold 12px " + colours.fontFamily;
    return Math.ceil(pen.measureText(text).width);
  }

  function draw(plot) {
    const colours = getComputedStyle(root);
    const entry = charts.get(plot);
    entry.chart ??= echarts.init(plot, null, { renderer: "canvas" });
    const room = plot.clientWidth - Number(entry.option.grid[0].left);
    const option = finish(resolve(entry.option, "", colours), colours, room);
    entry.chart.setOption(option, { notMerge: true });
    if (dodge(entry.chart, option, plot.clientHeight - 32)) entry.chart.setOption(option, { notMerge: true });
  }

  // dodge moves labels beside points of the same year apart; it reports whether it did.
  function dodge(chart, option, bottom) {
    const columns = new Map(); // year -> labels
    option.series.forEach((series, seriesIndex) => {
      if (series.type !== "line") return;
      for (const item of series.data) {
        if (!item.label || item.label.position !== "right") continue;
        const [x, y] = chart.convertToPixel({ seriesIndex }, item.value);
        const height = item.label.lineHeight * item.lines;
        columns.set(x, [...(columns.get(x) || []), { item, y, top: y - height / 2, height }]);
      }
    });
    for (const labels of columns.values()) spread(labels.sort((a, b) => a.y - b.y), bottom);
    return [...columns.values()].some((labels) => labels.length > 1);
  }

  // spread pushes sorted labels down until none overlaps, then all up into the plot.
  function spread(labels, bottom) {
    let edge = -Infinity;
    for (const label of labels) {
      label.top = Math.max(label.top, edge);
      edge = label.top + label.height;
    }
    const lift = labels.length > 1 ? Math.max(0, edge - bottom) : 0;
    for (const { item, y, top, height } of labels) item.label.offset = [0, top - lift + height / 2 - y];
  }

  // ready marks the page once all of its charts are painted.
  function ready() {
    const plots = [...document.querySelectorAll(".plot")];
    if (plots.every((plot) => charts.has(plot))) {
      requestAnimationFrame(() => requestAnimationFrame(() => { root.dataset.ready = "1"; }));
    }
  }

  function redraw() {
    for (const plot of charts.keys()) draw(plot);
  }

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      charts.get(target).chart.resize();
      draw(target);
    }
  });
  dark.addEventListener("change", redraw);
  wide.addEventListener("change", redraw);
  if (!document.querySelector(".plot")) ready();

  return {
    chart(id, option) {
      const plot = document.querySelector('.plot[data-chart="' + CSS.escape(id) + '"]');
      charts.set(plot, { option });
      draw(plot);
      resized.observe(plot);
      ready();
    },
  };
})();
