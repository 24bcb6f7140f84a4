"use strict";
// The list of records: unpack what the page holds, search and filter it, show one whole.
const AT_ONCE = 50;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\uFE00-\uFE0E]/u;
const $ = (id) => document.getElementById(id);

async function unpack(id) {
  const packed = Uint8Array.from(atob($(id).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

// Words as they are, but for what hides or turns them around: that is spelled out.
function words(text) {
  const found = document.createDocumentFragment();
  let plain = "";
  for (const char of text) {
    if (!HIDDEN.test(char) || char === "\n" || char === "\t" || char === "\u200c" || char === "\u200d") {
      plain += char;
      continue;
    }
    const number = char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    found.append(plain, make("i", "esc", "U+" + number));
    plain = "";
  }
  found.append(plain);
  return found;
}

// Offsets count code points; a string here counts UTF-16 units.
function prose(detail, labels) {
  const points = Array.from(detail.text);
  const cut = (start, end) => points.slice(start, end).join("");
  const subheads = new Set(detail.subheads.map(([start]) => start));
  const box = make("div", "prose");
  let start = 0;
  let next = 0;
  for (const block of detail.text.split("\n\n")) {
    const end = start + Array.from(block).length;
    const element = make(subheads.has(start) ? "h4" : "p");
    let last = start;
    for (; next < detail.entities.length && detail.entities[next][0] < end; next++) {
      const [from, to, label] = detail.entities[next];
      if (from < last) continue;
      const mark = make("mark", "e h" + label, words(cut(from, to)));
      mark.dataset.name = labels[label];
      mark.title = `${labels[label]}, characters ${from}–${to}`;
      element.append(words(cut(last, from)), mark);
      last = to;
    }
    element.append(words(cut(last, end)));
    box.append(element);
    start = end + 2;
  }
  return box;
}

function fields(pairs) {
  const list = make("dl", "fields");
  for (const [name, value] of pairs) {
    const shown = Array.isArray(value) ? value.join(" · ") : String(value);
    list.append(make("dt", "", name.replaceAll("_", " ")), make("dd", "", words(shown)));
  }
  return list;
}

const side = ([label, text]) => (text ? `${label} “${text}”` : "");
function story(steps) {
  const list = make("ol");
  for (const step of steps) {
    const item = make("li", "", `${step.at.slice(0, 10)}: ${step.kind}${step.suggested ? ", against what was suggested" : ""}`);
    const changes = make("ul");
    for (const [tag, fate] of step.tags) {
      changes.append(make("li", "", `tag ${fate}: `, make(fate === "added" ? "ins" : "del", "", words(tag))));
    }
    for (const [fate, ...sides] of step.spans) {
      const before = side(sides.slice(0, 2));
      const after = side(sides.slice(2));
      const line = make("li", "", `${fate}: `);
      if (before) line.append(make("del", "", words(before)));
      if (before && after) line.append(" → ");
      if (after) line.append(make("ins", "", words(after)));
      changes.append(line);
    }
    if (!changes.children.length && step.kind === "annotated") changes.append(make("li", "", "nothing changed"));
    item.append(changes);
    list.append(item);
  }
  return list;
}

async function start() {
  const { names, rows } = await unpack("list");
  const say = (kind, number) => (names[kind] || [])[number] || "";
  const records = rows.map((row) => {
    const [id, title, published, publisher, language, split, status, tags, entities, sources, changed, cluster] = row;
    return {
      id, title, published, entities, sources, changed, cluster,
      publishers: say("publishers", publisher), languages: say("languages", language),
      splits: say("splits", split), statuses: say("statuses", status), tags: tags.map((tag) => say("tags", tag)),
    };
  });
  for (const record of records) {
    record.index = [record.title, record.publishers, record.id, ...record.tags].join("\n").toLowerCase();
  }
  let details;
  const loaded = unpack("details").then((found) => {
    details = found;
    for (const record of records) {
      record.detail = found[record.id] || {};
      if (record.detail.text) record.index += "\n" + record.detail.text.toLowerCase();
    }
  });

  const controls = [...document.querySelectorAll("[data-filter]")];
  let found = records;
  let shown = 0;

  function expand(item, record) {
    const button = item.querySelector("button");
    const box = item.querySelector(".open");
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    box.hidden = !open;
    if (!open || box.children.length) return;
    const detail = record.detail || {};
    if (detail.text) box.append(prose(detail, names.labels));
    else box.append(make("p", "note", "The text of this record is not in this page."));
    box.querySelector(".prose")?.setAttribute("lang", record.languages);
    const known = Object.entries(detail.aside || {});
    if (detail.source_tags?.length) known.push(["source_tags", detail.source_tags]);
    if (record.cluster) known.push(["near-duplicate of", record.cluster]);
    known.push(["id", record.id], ["last changed in", record.changed || "no release yet"]);
    const beside = make("div", "known", make("h4", "", "Known of it"), fields(known));
    beside.append(make("h4", "", "Found in"), fields(record.sources.map(([file, from, to, layout]) => [
      say("layouts", layout), `${say("files", file)}, bytes ${from}–${to}`,
    ])));
    if (detail.story) beside.append(make("h4", "", "What people did"), story(detail.story));
    box.append(beside);
  }

  function entry(record) {
    const item = $("item").content.firstElementChild.cloneNode(true);
    item.dataset.id = record.id;
    item.querySelector(".t").append(words(record.title));
    const meta = item.querySelector(".meta");
    for (const part of [record.published.slice(0, 10), record.publishers, record.languages, record.splits]) {
      if (part) meta.append(make("span", "", words(part)));
    }
    meta.append(make("span", "", make("span", "key s-" + record.statuses, record.statuses)));
    meta.append(make("span", "", `${record.entities} entities`));
    if (record.tags.length) meta.append(make("span", "", record.tags.join(", ")));
    item.querySelector("button").addEventListener("click", async () => {
      await loaded;
      expand(item, record);
    });
    return item;
  }

  function more() {
    const items = found.slice(shown, shown + AT_ONCE).map(entry);
    $("results").append(...items);
    shown += items.length;
    $("more").hidden = shown >= found.length;
    $("more").textContent = `${Math.min(AT_ONCE, found.length - shown)} more`;
    return items[0];
  }

  function filter() {
    const asked = $("query").value.toLowerCase().split(/\s+/u).filter(Boolean);
    const set = controls.filter((control) => control.value);
    const only = $("only").value;
    found = records.filter((record) =>
      set.every(({ dataset, value }) => (dataset.filter === "tags" ? record.tags.includes(value) : record[dataset.filter] === value))
      && (!only || (only === "whole" ? record.detail?.text : record.detail?.story))
      && asked.every((word) => record.index.includes(word)));
    $("results").replaceChildren();
    shown = 0;
    more();
    const number = (count) => count.toLocaleString("en");
    $("found").textContent = found.length === records.length
      ? `${number(records.length)} records` : `${number(found.length)} of ${number(records.length)} records`;
  }

  let waiting;
  $("query").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => loaded.then(filter), 120);
  });
  for (const control of [...controls, $("only")]) control.addEventListener("change", () => loaded.then(filter));
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("more").addEventListener("click", () => more()?.querySelector("button").focus());
  $("filters").hidden = false;
  filter();
  await loaded;
  document.documentElement.dataset.ready = "yes";
}

start();
