// pytest-html's table listens to clicks alone: let keys reach it, and keep the focus when it draws itself anew.
(() => {
  "use strict";
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
