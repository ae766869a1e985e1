"use strict";

// Draws the charts of a page. Each script of a chart calls nianbao.chart(id, option) with
// an option built by package charts; option.js makes it ready. Each data script calls
// nianbao.put(name, object), see charts/dataset.go.
const nianbao = (() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wide = matchMedia("(min-width: 720px)");
  const charts = new Map(); // plot element -> {chart, option}
  const data = new Map(); // name of a data script -> its object

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

  function place(plot) {
    const style = getComputedStyle(root);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "bold 12px " + style.fontFamily;
    return {
      colour: (name) => style.getPropertyValue("--" + name).trim(),
      font: style.fontFamily,
      width: (text) => Math.ceil(pen.measureText(text).width),
      wide: wide.matches,
      size: { width: plot.clientWidth, height: plot.clientHeight },
      tip,
    };
  }

  function draw(plot) {
    const entry = charts.get(plot);
    if (!entry.chart) {
      plot.replaceChildren(); // the picture for readers without scripts
      entry.chart = echarts.init(plot, null, { renderer: "canvas" });
    }
    nianbaoOption.draw(entry.chart, entry.option, place(plot));
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
    put(name, object) {
      data.set(name, object);
    },
    chart(id, option) {
      const plot = document.querySelector('.plot[data-chart="' + CSS.escape(id) + '"]');
      charts.set(plot, { option });
      draw(plot);
      resized.observe(plot);
      ready();
    },
  };
})();
