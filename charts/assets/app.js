"use strict";

// Draws the charts of a page. Each script of a chart calls nianbao.chart(id, option) with
// an option built by package charts; option.js makes it ready. Each data script calls
// nianbao.put(name, object), see charts/dataset.go; a page with a picker calls
// nianbao.frame(page), see picker.js.
const nianbao = (() => {
  const root = document.documentElement;
  const folder = new URL("..", document.currentScript.src);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wide = matchMedia("(min-width: 720px)");
  const charts = new Map(); // plot element -> {chart, option}
  const data = new Map(); // name of a data script -> its object
  const loading = new Map(); // name of a data script -> promise of its object

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

  // place says to option.js what depends on the page.
  function place(size, isWide) {
    const style = getComputedStyle(root);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "bold 12px " + style.fontFamily;
    return {
      colour: (name) => style.getPropertyValue("--" + name).trim(),
      font: style.fontFamily,
      width: (text) => Math.ceil(pen.measureText(text).width),
      wide: isWide,
      size,
      tip,
    };
  }

  function draw(plot) {
    const entry = charts.get(plot);
    if (!entry.chart) {
      const live = document.createElement("div"); // the picture stays for the printer
      live.className = "live";
      plot.append(live);
      entry.chart = echarts.init(live, null, { renderer: "canvas" });
    }
    nianbaoOption.draw(entry.chart, entry.option, place({ width: plot.clientWidth, height: plot.clientHeight }, wide.matches));
  }

  // ready marks the page once all of its charts are painted.
  function ready() {
    const waits = [...document.querySelectorAll(".plot:not([hidden])")].some((plot) => !charts.has(plot)) || document.querySelector(".pick:not([data-shown])");
    if (!waits) requestAnimationFrame(() => requestAnimationFrame(() => { root.dataset.ready = "1"; }));
  }

  function redraw() {
    for (const plot of charts.keys()) if (!plot.hidden) draw(plot);
  }

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.hidden || !charts.has(target)) continue;
      charts.get(target).chart.resize();
      draw(target);
    }
  });
  dark.addEventListener("change", redraw);
  wide.addEventListener("change", redraw);
  if (!document.querySelector(".plot, .pick")) ready();

  // show draws an option on a plot, in place of what it showed before.
  function show(plot, option) {
    charts.set(plot, { ...charts.get(plot), option });
    draw(plot);
    resized.observe(plot);
    ready();
  }

  function script(path) {
    return new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = new URL(path, folder);
      element.addEventListener("load", done);
      element.addEventListener("error", () => failed(new Error(path)));
      document.head.append(element);
    });
  }

  return {
    put: (name, object) => data.set(name, object),
    chart: (id, option) => show(document.querySelector('.plot[data-chart="' + CSS.escape(id) + '"]'), option),
    frame: (page) => nianbaoPicker.start(page),
    // load gives the object of a data script.
    load(name) {
      if (!loading.has(name)) loading.set(name, script("data/" + name + ".js").then(() => data.get(name)));
      return loading.get(name);
    },
    folder, place, script, show, ready,
  };
})();
