"use strict";
// The report is whole without this script; it adds comfort.
(() => {
  document.documentElement.classList.add("scripts");

  // A link into a closed part opens it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let part = target; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") part.open = true;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", () => location.hash && reveal());

  // A filter opens the parts that have something to show.
  const show = document.getElementById("show");
  if (show) {
    show.addEventListener("change", (event) => {
      const verdict = event.target.id.replace("show-", "");
      for (const group of document.querySelectorAll("details.group")) {
        group.open = verdict === "all"
          ? Boolean(group.querySelector("[data-verdict=violated], [data-verdict=advisory], [data-verdict=waived]"))
          : Boolean(group.querySelector(`[data-verdict="${verdict}"]`));
      }
    });
  }

  // pytest-html's table listens to clicks alone: let keys reach it, and keep the focus when it draws itself anew.
  const keyed = "#results-table .sortable, #results-table .collapsible > .col-result";
  const makeReachable = () => {
    for (const cell of document.querySelectorAll(keyed)) cell.tabIndex = 0;
    for (const head of document.querySelectorAll("#results-table .sortable")) {
      const way = head.classList.contains("asc") ? "ascending" : head.classList.contains("desc") ? "descending" : "none";
      head.setAttribute("aria-sort", way);
    }
  };
  addEventListener("keydown", (event) => {
    if ((event.key !== "Enter" && event.key !== " ") || !event.target.matches?.(keyed)) return;
    event.preventDefault();
    const id = event.target.parentElement.dataset.id;
    const column = event.target.dataset.columnType;
    event.target.click();
    const again = id ? `#results-table [data-id="${id}"] > .col-result` : `#results-table [data-column-type="${column}"]`;
    makeReachable();
    document.querySelector(again)?.focus();
  });
  addEventListener("DOMContentLoaded", () => {
    makeReachable();
    const holder = document.querySelector("#tests .scroll");
    if (holder) new MutationObserver(makeReachable).observe(holder, { childList: true });
  });
})();
