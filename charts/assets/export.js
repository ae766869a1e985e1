"use strict";

// What a reader takes away from a chart: CSV, SVG and PNG with title, source and build id,
// a link and a snippet for another page.
const nianbaoExport = (() => {
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => "&#" + c.charCodeAt(0) + ";");

  function save(name, type, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // svg is the chart with what a reader has to know of it, 1040 px wide.
  function svg({ page, view }) {
    const f = view.figure;
    const [width, height] = [1040, 38 + f.Rows * 28];
    const place = nianbao.place({ width, height }, true);
    place.font = place.font.replaceAll('"', "'"); // ECharts puts it between double quotes as it is
    const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
    nianbaoOption.draw(chart, f.Option, place);
    const inner = chart.renderToSVGString();
    chart.dispose();
    const text = (x, y, size, colour, content) => `<text x="${x}" y="${y}" font-size="${size}" fill="${place.colour(colour)}">${escape(content)}</text>`;
    const legend = f.Legend.map((l) => l.Label).join(" · ");
    const foot = [...f.Keys.map((k) => k.Label), page.words.pick_source, page.words.build + " " + view.core.build + (view.core.sample ? " · " + page.words.sample_title : "")];
    const total = height + 96 + foot.length * 20;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 40}" height="${total}" viewBox="0 0 ${width + 40} ${total}" font-family="${escape(place.font)}">` +
      `<rect width="100%" height="100%" fill="${place.colour("ground")}"/>` + text(20, 36, 22, "ink", f.Title) + text(20, 60, 13, "muted", f.Subtitle) + text(20, 80, 12, "ink", legend) +
      inner.replace("<svg", '<svg x="20" y="88"') + foot.map((line, i) => text(20, height + 108 + i * 20, 12, "muted", line)).join("") + "</svg>";
  }

  function png(name, source) {
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(name, "image/png", blob));
    });
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(source);
  }

  // actions fills the row below a figure.
  function actions(row, it) {
    const { page, view, say, element } = it;
    const name = ["nianbao", page.id, view.tab.id, view.state.scope].join("-");
    const button = (label, click) => element("button", { type: "button", on: { click } }, label);
    const hash = nianbaoState.format(view.state);
    const link = new URL(page.lang + "/" + page.id + ".html" + hash, nianbao.folder).href;
    const embed = new URL("embed.html#page=" + page.id + "&lang=" + page.lang + "&" + hash.slice(1), nianbao.folder).href;
    const snippet = `<iframe src="${embed.replaceAll("&", "&amp;")}" width="100%" height="620" title="${escape(view.figure.Title)}"></iframe>`;
    const shareable = [[say("pick_link"), link], [say("pick_embed"), snippet]];
    const field = ([label, value], i) => {
      const input = element("input", { type: "text", readonly: "", id: "pick-share-" + i, value, on: { focus: (e) => e.target.select() } });
      const copy = () => { input.select(); navigator.clipboard?.writeText(value).catch(() => {}); };
      return element("p", {}, element("label", { for: input.id }, label), input, button(say("pick_copy"), copy));
    };
    const chart = view.figure.Option && !view.tab.plain ? [button("PNG", () => png(name + ".png", svg(it))), button("SVG", () => save(name + ".svg", "image/svg+xml", svg(it)))] : [];
    const was = row.querySelector("details");
    row.replaceChildren(button("CSV", () => save(name + ".csv", "text/csv;charset=utf-8", view.figure.CSV)), ...chart,
      element("details", { class: "share", open: was && was.open ? "" : null }, element("summary", {}, say("pick_share")), ...shareable.map(field)));
  }

  return { actions, svg };
})();
