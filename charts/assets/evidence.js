"use strict";

// Opens what a number of a place's page rests on: click, Enter, or an address that ends in
// #n=place.year.metric.applicant[.scope]. The data of a year is a script of its own, which
// is loaded when a number of that year is first opened; it calls nianbao.put(name, data).
const nianbao = (() => {
  const stored = new Map(); // name -> data
  const loading = new Map(); // name -> promise
  const language = document.documentElement.lang === "en" ? 1 : 0;
  const dialog = document.getElementById("evidence");
  const field = (name) => dialog.querySelector('[data-field="' + name + '"]');

  function load(name) {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = dialog.dataset.folder + name + ".js";
        script.onload = () => resolve(stored.get(name));
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return loading.get(name);
  }

  // of returns what the cell of a report says, by name.
  function of(cell) {
    const names = ["metric", "applicant", "value", "status", "grade", "raw", "locator", "row", "column", "corrected", "correction", "no"];
    return Object.fromEntries(names.map((name, i) => [name, cell[i]]));
  }

  const total = (applicant) => applicant || "total";

  // covers reports whether an identity, evaluated for an instance, has a number among its terms.
  function covers(forms, [id, instance], metric, applicant) {
    const identity = forms.identities[id];
    return identity && identity.terms.some(([m, a]) => {
      const of = m || instance;
      const by = a || (identity.per === "applicant" ? instance : "total");
      return by === applicant && (of === metric || (forms.parts[of] || []).includes(metric));
    });
  }

  const word = (forms, kind, id) => (forms.words[kind][id] || [id, id])[language];
  const named = (forms, id) => word(forms, forms.words.metric[id] ? "metric" : "applicant", id);
  const plain = (value) => value.replace(/\B(?=(\d{3})+$)/g, ",");

  // set fills a field and hides the line of one that is empty.
  function set(name, text) {
    const at = field(name);
    at.textContent = text;
    const line = at.closest("dl > div");
    if (line) line.hidden = !text;
  }

  function fill(forms, report, cell, year, nth) {
    const label = word(forms, "metric", cell.metric).replace(/^unmapped:/, "");
    field("value").textContent = cell.value ? plain(cell.value) : word(forms, "status", cell.status);
    set("status", cell.value && cell.status !== "number" ? word(forms, "status", cell.status) : "");
    document.getElementById("evidence.title").textContent =
      [label, cell.applicant ? word(forms, "applicant", cell.applicant) : "", year].filter(Boolean).join(" · ");
    set("raw", cell.no && (cell.raw || word(forms, "status", "blank")));
    for (const name of ["row", "column", "locator"]) set(name, cell[name]);
    set("grade", word(forms, "grade", cell.grade));
    set("corrected", cell.corrected && plain(cell.corrected) + " (" + cell.correction + ")");
    set("parts", cell.no ? "" : parts(forms, report, cell));
    set("sha256", report.sha256);
    set("fetched", report.fetched);
    set("explain", ["nianbao explain", dialog.dataset.place, year, cell.metric, cell.applicant && cell.applicant !== "total" ? "--applicant " + cell.applicant : ""].filter(Boolean).join(" "));
    const document_ = field("document");
    document_.replaceChildren(report.url ? Object.assign(document.createElement("a"), { href: report.url, rel: "noreferrer", textContent: report.title }) : report.title);
    field("link").href = "#" + key(year, cell, report, nth);
    checks(forms, report, cell);
  }

  // parts says what a computed number is the sum of.
  function parts(forms, report, cell) {
    return (forms.parts[cell.metric] || []).map((metric) => {
      const part = report.cells.map(of).find((c) => c.metric === metric && total(c.applicant) === total(cell.applicant));
      return word(forms, "metric", metric) + " " + (part ? plain(part.value) : "–");
    }).join(" + ");
  }

  function checks(forms, report, cell) {
    const covering = (report.checks || []).filter((check) => covers(forms, check, cell.metric, total(cell.applicant)));
    field("checks").replaceChildren(...covering.map(([id, instance, lhs, rhs, outcome]) => {
      const line = document.createElement("li");
      const sides = lhs && rhs ? plain(lhs) + " " + (outcome === "failed" ? "≠" : forms.identities[id].op) + " " + plain(rhs) : "";
      line.className = outcome;
      line.textContent = [forms.identities[id].label[language] + (instance ? " (" + named(forms, instance) + ")" : ""), sides, word(forms, "outcome", outcome)].filter(Boolean).join(" · ");
      return line;
    }));
    field("nothing").hidden = covering.length > 0;
  }

  const key = (year, cell, report, nth) =>
    "n=" + [dialog.dataset.place, year, cell.metric, total(cell.applicant), report.scope].join(".") + (nth ? "." + nth : "");

  // open shows the evidence of a number; nth is its turn where a report prints it twice.
  async function open(year, metric, applicant, scope, nth = 0) {
    const [forms, reports] = await Promise.all([load("forms"), load("city/" + dialog.dataset.place + "/" + year)]);
    for (const report of reports) {
      if (scope && report.scope !== scope) continue;
      const cell = report.cells.map(of).filter((c) => c.metric === metric && total(c.applicant) === applicant)[nth];
      if (!cell) continue;
      fill(forms, report, cell, year, nth);
      if (!dialog.open) dialog.showModal();
      history.replaceState(null, "", "#" + key(year, cell, report, nth));
      return;
    }
  }

  function fromHash() {
    if (!location.hash.startsWith("#n=")) return;
    const [place, year, metric, applicant, scope, nth] = decodeURIComponent(location.hash.slice(3)).split(".");
    if (place === dialog.dataset.place && /^\d{4}$/.test(year)) open(year, metric, applicant || "total", scope, Number(nth || 0));
  }

  // at is the place of a number's button in its table.
  function at(button) {
    const cell = button.closest("td");
    const table = button.closest("table");
    const head = table.querySelector("tr.heads").cells[cell.cellIndex].dataset;
    const year = table.dataset.year || head.year;
    return [year, cell.parentElement.dataset.metric, head.applicant || "total", table.dataset.block.split(".")[0], [...cell.querySelectorAll("button")].indexOf(button)];
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".numbers button");
    if (button) open(...at(button));
    if (event.target.closest("[data-close]") || event.target === dialog) dialog.close();
  });
  addEventListener("hashchange", fromHash);
  dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
  addEventListener("DOMContentLoaded", fromHash);
  document.documentElement.dataset.ready = "1";

  return { put: (name, data) => stored.set(name, data) };
})();
