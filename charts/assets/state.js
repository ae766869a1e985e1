"use strict";

// The state of a page with a picker, as it stands in the address after "#":
//   scope=city_aggregate&measure=app_new&bodies=410100,320800&years=2019-2024&view=trend
// Everything here is pure; the page and the site's builder run it.
const nianbaoState = (() => {
  const keys = ["view", "scope", "measure", "bodies", "province", "years", "year", "pool", "as", "scale"];
  const maxBodies = 8;

  // parse reads a hash; keys that are unknown and escapes that are broken are ignored.
  function parse(hash) {
    const state = {};
    for (const [key, value] of pairs(hash)) if (keys.includes(key)) state[key] = value;
    if (state.bodies !== undefined) state.bodies = state.bodies.split(",").filter(Boolean);
    return state;
  }

  function pairs(hash) {
    return hash.replace(/^#/, "").split("&").map((pair) => {
      const [key, ...rest] = pair.split("=");
      try {
        return [key, decodeURIComponent(rest.join("="))];
      } catch {
        return ["", ""];
      }
    });
  }

  // format writes a state, its keys in a fixed order.
  function format(state) {
    const escape = (text) => encodeURIComponent(text).replace(/%2C/g, ",");
    return "#" + keys.filter((key) => state[key] !== undefined && state[key] !== "")
      .map((key) => key + "=" + escape(key === "bodies" ? state.bodies.join(",") : state[key])).join("&");
  }

  // ids are how a hash names the bodies of a scope: by code, and by name too where
  // several share a code.
  function ids(bodies) {
    const seen = {};
    for (const code of bodies.code) seen[code] = (seen[code] || 0) + 1;
    return bodies.code.map((code, b) => (code && seen[code] === 1 ? code : code + "~" + bodies.zh[b].replaceAll(",", "")));
  }

  // usual are the bodies of a scope that a page shows first: three with the most reports.
  function usual(bodies) {
    const reports = (b) => bodies.state[b].replace(/[^rc]/g, "").length;
    const order = bodies.code.map((_, b) => b).sort((a, b) => reports(b) - reports(a) || a - b);
    return order.slice(0, 3).sort((a, b) => a - b);
  }

  // oneOf is the wanted one of the choices, or the first.
  const oneOf = (wanted, choices) => (choices.includes(wanted) ? wanted : choices[0]);

  // settle gives every key a value that the page can show; dropped are the codes of
  // bodies that the scope does not have. picked are places in the list of bodies.
  function settle(page, wanted, core, bodies) {
    const tab = page.tabs.find((t) => t.id === wanted.view) || page.tabs[0];
    const state = { view: tab.id, scope: scopeOf(wanted, core) };
    const has = core.measures.filter((m) => m.scopes.includes(state.scope)).map((m) => m.id);
    const measures = tab.measures.filter((id) => has.includes(id));
    if (measures.length && tab.controls.includes("measure")) state.measure = oneOf(wanted.measure, measures);
    const known = ids(bodies);
    const asked = wanted.bodies || usual(bodies).map((b) => known[b]);
    const found = [...new Set(asked)].filter((id) => known.includes(id));
    state.bodies = found.slice(0, maxBodies);
    settleYears(state, wanted, tab, bodies.years);
    if (tab.controls.includes("province")) state.province = oneOf(wanted.province, provinces(state, bodies, known));
    if (tab.controls.includes("pool")) state.pool = oneOf(wanted.pool, ["1", "3"]);
    if (tab.controls.includes("as")) settleScale(state, wanted, core);
    const picked = state.bodies.slice(0, tab.max || maxBodies).map((id) => known.indexOf(id));
    return { tab, state, measures, known, picked, dropped: asked.filter((id) => !found.includes(id)) };
  }

  const scopeOf = (wanted, core) => oneOf(wanted.scope, core.scopes.map((s) => s.id));

  // provinces are the codes of those with a body, that of the first picked body first.
  function provinces(state, bodies, known) {
    const own = bodies.province[known.indexOf(state.bodies[0])];
    return [...new Set([own, ...bodies.province].filter(Boolean))];
  }

  function settleYears(state, wanted, tab, [first, last]) {
    const within = (text) => (/^\d{4}$/.test(text) && text >= first && text <= last ? Number(text) : null);
    const [from, to] = String(wanted.years || "").split("-").map(within);
    if (tab.controls.includes("years")) state.years = from && to && from <= to ? from + "-" + to : first + "-" + last;
    if (tab.controls.includes("year")) state.year = String(within(wanted.year) || last);
  }

  // settleScale leaves out what does not apply: an index or a logarithm of a rate.
  function settleScale(state, wanted, core) {
    const m = core.measures.find((measure) => measure.id === state.measure);
    if (!m || m.kind !== "count") return;
    const per = m.id === "app_new" && core.measures.some((o) => o.id === "apps_per_100k" && o.scopes.includes(state.scope));
    state.as = oneOf(wanted.as, per ? ["count", "per", "index"] : ["count", "index"]);
    if (state.as === "count") state.scale = oneOf(wanted.scale, ["linear", "log"]);
  }

  return { parse, format, ids, scopeOf, settle, maxBodies };
})();
