"use strict";
// The report is whole without this script; it adds comfort.
(() => {
  document.documentElement.classList.add("scripts");

  // A link into a closed part opens it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (!target.checkVisibility()) {  // a filter or a search may hide it
      document.getElementById("show-all")?.click();
      if (search?.value) { search.value = ""; find(); }
    }
    for (let part = target; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") part.open = true;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", () => location.hash && reveal());

  // What judges an exchange, from the links that lead to it.
  const tie = () => {
    const judges = new Map();
    for (const link of document.querySelectorAll(".rows :is(.of, div) > a")) {
      const item = link.closest("li");
      const rows = item.id ? [item] : [...item.parentElement.querySelectorAll(":scope > [id]")];
      judges.set(link.hash.slice(1), [...(judges.get(link.hash.slice(1)) || []), ...rows]);
    }
    for (const [name, rows] of judges) {
      const place = document.getElementById(name)?.querySelector("p");
      if (!place) continue;
      place.append(" Judged by ");
      rows.forEach((row, number) => {
        const link = document.createElement("a");
        link.href = `#${row.id}`;
        link.textContent = row.id;
        place.append(number ? ", " : "", link);
      });
      place.append(".");
    }
  };

  // Copies a text; where the browser keeps the clipboard to itself, the text is marked, and Ctrl-C takes it.
  const copy = async (text, button) => {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = document.execCommand("copy") ? "Copied" : "Marked: press Ctrl-C";
    }
    setTimeout(() => { button.textContent = words; }, 2000);
  };
  const offerCopies = () => {
    for (const text of document.querySelectorAll("pre.send, #exchanges details[id] > pre:first-of-type")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copier screen-only";
      button.textContent = text.className === "send" ? "Copy the text" : "Copy as curl";
      button.addEventListener("click", () => copy(text, button));
      text.before(button);
    }
  };

  // Search hides what does not have the words, in requirements and exchanges.
  const search = document.getElementById("search");
  const find = () => {
    const words = search.value.trim().toLowerCase();
    const kept = (one) => { one.hidden = words !== "" && !one.textContent.toLowerCase().includes(words); return !one.hidden; };
    const rows = [...document.querySelectorAll(".rows > [id]")].filter(kept).length;
    const exchanges = [...document.querySelectorAll("#exchanges details[id]")].filter(kept).length;
    for (const part of document.querySelectorAll(".rows, details.group")) {
      part.hidden = !part.querySelector(".rows > [id]:not([hidden])");
      if (words && !part.hidden && part.tagName === "DETAILS") part.open = true;
    }
    document.getElementById("found").textContent = words ? `${rows} requirements, ${exchanges} exchanges` : "";
  };
  search?.addEventListener("input", find);

  // Paper shows the exchanges where somebody asked for them.
  document.getElementById("print-exchanges")?.addEventListener("change", (event) => {
    document.documentElement.classList.toggle("with-exchanges", event.target.checked);
  });
  addEventListener("DOMContentLoaded", () => { tie(); offerCopies(); });

  // A filter opens the parts that have something to show.
  const show = document.getElementById("show");
  if (show) {
    show.addEventListener("change", (event) => {
      const verdict = event.target.id.replace("show-", "");
      for (const group of document.querySelectorAll("details.group")) {
        group.open = verdict === "all"
          ? Boolean(group.querySelector("[data-verdict=violated], [data-verdict=advisory], [data-verdict=waived]"))
          : Boolean(group.querySelector(verdict === "satisfied" ? ".rows > [id]:not([data-verdict])" : `[data-verdict="${verdict}"]`));
      }
    });
  }
})();
