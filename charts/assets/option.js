"use strict";

// Makes an option of package charts ready to draw, and draws it: in the page, and in Go
// when the site is built. Strings that start with "$" are resolved here: under a colour
// key they name a colour, under "formatter" one of the functions below. All other text
// is drawn as text.
//
// The place where it is drawn says what depends on it:
//   colour(name)  the colour of that name      font         the family of all text
//   width(text)   of bold text of 12 px, px    wide         room for labels beside points
//   size          {width, height} of the plot  tip(lines)   the tooltip's box
const nianbaoOption = (() => {
  const colourKeys = new Set(["color", "borderColor", "backgroundColor", "textBorderColor"]);

  // count prints a number with separators of thousands and at most two decimals.
  function count(value) {
    const [whole, rest] = String(Math.round(Math.abs(value) * 100) / 100).split(".");
    return (value < 0 ? "-" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
  }

  const formatters = (place) => ({
    $year: (value) => (Number.isInteger(value) ? String(value) : ""),
    $count: count,
    $share: (value) => count(Math.round(value * 1000) / 10) + "%",
    $per100: (value) => count(value * 100),
    $text: (item) => item.data.text,
    $tip: (item) => place.tip(item.data.tip),
  });

  // shapes draw what no series of ECharts has: $band the area between two years, $span the
  // line between two values of a row, $box the quantiles at 5, 25, 50, 75 and 95 % of a year.
  const shapes = {
    $band(_, api) {
      const at = (x, y) => api.coord([api.value(x), api.value(y)]);
      const fill = api.visual("color");
      return { type: "polygon", shape: { points: [at(0, 1), at(0, 2), at(3, 5), at(3, 4)] }, style: { fill, stroke: fill, lineWidth: 0.5 } };
    },
    $span(_, api) {
      const [[x1, y], [x2]] = [0, 2].map((i) => api.coord([api.value(i), api.value(1)]));
      return { type: "line", shape: { x1, y1: y, x2, y2: y }, style: { stroke: api.visual("color"), lineWidth: 4 } };
    },
    $box(_, api) {
      const [x, ...y] = [api.coord([api.value(0), api.value(1)])[0], ...[1, 2, 3, 4, 5].map((i) => api.coord([api.value(0), api.value(i)])[1])];
      const half = Math.min(14, api.size([1, 0])[0] * 0.3);
      const style = { stroke: api.visual("color"), lineWidth: 1.5, fill: "none" };
      const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
      return { type: "group", children: [line(x, y[0], x, y[1]), line(x, y[3], x, y[4]), line(x - half, y[2], x + half, y[2]),
        { type: "rect", shape: { x: x - half, y: y[3], width: 2 * half, height: y[1] - y[3] }, style }] };
    },
  };

  function resolve(value, key, place, formats) {
    if (Array.isArray(value)) return value.map((item) => resolve(item, key, place, formats));
    if (key === "formatter" && value && value.map) return (at) => value.map[at] || "";
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, k, place, formats)]));
    }
    if (typeof value !== "string" || value[0] !== "$") return value;
    if (key === "renderItem" && Object.hasOwn(shapes, value)) return shapes[value];
    if (key === "formatter" && Object.hasOwn(formats, value)) return formats[value];
    if (colourKeys.has(key)) return place.colour(value.slice(1));
    return value;
  }

  // finish adds what depends on the place: fonts, the tooltip's box, room for labels.
  function finish(option, place) {
    const grid = option.grid[0];
    if (option.grid.length === 1) grid.right = Number(grid.right);
    option.textStyle = { fontFamily: place.font };
    option.aria = { enabled: false };
    Object.assign(option.tooltip, { confine: true, padding: 0, borderWidth: 0, backgroundColor: "transparent", extraCssText: "box-shadow:none" });
    for (const axis of [...option.xAxis, ...option.yAxis]) axis.axisTick = { show: false };
    const room = place.size.width - Number(grid.left);
    for (const series of option.series) {
      series.cursor = "default";
      series.emphasis = { disabled: true };
      if (series.markLine) Object.assign(series.markLine, { silent: true, precision: 12, label: { ...series.markLine.label, show: place.wide && (series.markLine.label || {}).show !== false } });
      for (const item of series.data) {
        if (labelled(series)) labelPoint(item, option, place, room);
        else if (item.label && item.label.position === "right") Object.assign(item.label, { width: room, overflow: "truncate" });
      }
    }
    return option;
  }

  // labelled reports whether points of a series have their labels beside them.
  const labelled = (series) => series.type === "line" || series.type === "scatter";

  // labelPoint wraps the label of a point and makes room for it at the right.
  function labelPoint(item, option, place, room) {
    if (!item.label) return;
    if (!place.wide) {
      delete item.label;
      return;
    }
    const full = place.width(item.text);
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

  // dodge moves labels beside points of the same year apart; it reports whether it did.
  function dodge(chart, option, bottom) {
    const columns = new Map(); // year -> labels
    option.series.forEach((series, seriesIndex) => {
      if (!labelled(series)) return;
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

  return {
    count,
    draw(chart, source, place) {
      const option = finish(resolve(source, "", place, formatters(place)), place);
      chart.setOption(option, { notMerge: true });
      if (dodge(chart, option, place.size.height - 32)) chart.setOption(option, { notMerge: true });
    },
  };
})();
