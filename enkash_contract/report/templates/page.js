"use strict";
(() => {
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const data = JSON.parse(document.getElementById("data").textContent);
  const made = (name, text, of) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (of) element.className = of;
    return element;
  };

  // All that does nothing without a script is hidden until now.
  all(".filters, .tools, .copy, .findings").forEach((element) => { element.hidden = false; });

  // Findings are listed when they are asked for, some at a time.
  const PAGE = 50;
  for (const list of all(".findings")) {
    const rows = data.causes[list.dataset.cause] || [];
    const [items, more] = [list.querySelector("ol"), list.querySelector(".more")];
    if (!rows.length) { list.hidden = true; continue; }
    const append = () => {
      const begin = items.childElementCount;
      for (const row of rows.slice(begin, begin + PAGE)) {
        const [rule, family, pointer, message, source] = row.map((index) => data.texts[index]);
        const item = made("li");
        item.append(made("code", rule));
        if (family) item.append(made("span", " by ", "muted"), made("code", family));
        if (pointer && !rule.includes(pointer)) item.append(" ", made("code", pointer));
        item.append(made("br"), message);
        if (source) item.append(" ", made("span", source, "muted"));
        items.append(item);
      }
      more.hidden = items.childElementCount >= rows.length;
      const left = Number(list.dataset.count) - rows.length;
      if (more.hidden && left > 0) list.append(made("p", `${left} more are in the JSON report`, "muted"));
    };
    list.addEventListener("toggle", () => { if (list.open && !items.childElementCount) append(); });
    more.addEventListener("click", append);
  }

  // Filters hide rules and causes; a member without any is hidden too.
  const form = document.querySelector(".filters");
  const rules = all(".rule"), causes = all(".cause"), members = all(".member").reverse();
  const chips = new Map(rules.map((rule) => {
    return [rule, all(".chip", rule.closest(".member")).find((chip) => chip.dataset.rule === rule.dataset.rule)];
  }));
  const matches = (element, wanted) => Object.entries(wanted).every(([name, value]) => {
    if (!value || element.dataset[name] === undefined) return true;
    const known = element.dataset[name];
    if (name === "text") return known.toLowerCase().includes(value.toLowerCase());
    return known.split(name === "state" ? "|" : " ").includes(value);
  });
  const filter = () => {
    const wanted = Object.fromEntries(new FormData(form));
    wanted.text = wanted.text.trim();
    let shown = 0, found = 0;
    for (const rule of rules) {
      rule.hidden = !matches(rule, wanted);
      if (chips.get(rule)) chips.get(rule).hidden = rule.hidden;
      shown += !rule.hidden;
    }
    for (const cause of causes) {
      cause.hidden = !matches(cause, wanted);
      found += !cause.hidden;
    }
    // Members within come first, so that those around them know.
    for (const member of members) member.hidden = !member.querySelector(".rule:not([hidden])");
    for (const group of all(".group")) group.hidden = !group.querySelector(".cause:not([hidden])");
    const isAny = Object.values(wanted).some(Boolean);
    const counts = [`${shown} of ${rules.length} rules`];
    if (causes.length) counts.unshift(`${found} of ${causes.length} causes`);
    form.querySelector("[role=status]").textContent = isAny ? counts.join(", ") : "";
  };
  if (form) {
    form.addEventListener("input", filter);
    form.addEventListener("reset", () => setTimeout(filter));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // A link to a cause, or to a member, opens it.
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", open);
  open();
  for (const button of all("[data-all]")) {
    button.addEventListener("click", () => {
      for (const cause of causes) cause.open = button.dataset.all === "open";
    });
  }

  // The clipboard may be forbidden, or missing where a file is opened: then the selection is copied.
  const copied = async (text, code) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      return document.execCommand("copy");
    }
  };
  for (const button of all(".copy")) {
    const label = button.firstChild, name = label.data;
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("code");
      label.data = (await copied(code.textContent, code)) ? "Copied" : "Select and copy";
      setTimeout(() => { label.data = name; }, 2000);
    });
  }

  // On paper all is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    closed.forEach((details) => { if (!details.matches(".findings")) details.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));
})();
