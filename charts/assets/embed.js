"use strict";

// The page to embed elsewhere: one chart of a page with a picker, without its controls.
//   embed.html#page=explore&lang=en&view=trend&bodies=…
(() => {
  const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const lang = asked.lang === "en" ? "en" : "zh";
  const page = ["explore", "outcomes", "disputes"].includes(asked.page) ? asked.page : "explore";
  document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
  const link = document.querySelector("h1 a");
  link.href = lang + "/" + page + ".html" + location.hash;
  nianbao.script("data/" + lang + "/" + page + ".js");
})();
