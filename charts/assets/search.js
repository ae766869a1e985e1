"use strict";

// Finds cities in the table by Chinese, pinyin, its initials or code.
(() => {
  const input = document.getElementById("search");
  if (!input) {
    document.documentElement.dataset.ready = "1";
    return;
  }
  const rows = [...document.querySelectorAll(".matrix tr[data-key]")];
  const shown = input.closest("p").querySelector("output");

  function find() {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => row.dataset.key.includes(word));
    for (const group of document.querySelectorAll(".matrix tbody")) group.hidden = ![...group.querySelectorAll("tr[data-key]")].some((row) => !row.hidden);
    shown.textContent = words.length ? String(rows.filter((row) => !row.hidden).length) : "";
  }

  input.closest("p").hidden = false;
  input.addEventListener("input", find);
  find();
  document.documentElement.dataset.ready = "1";
})();
