"use strict";
// Walk through the marked stretches of a page, switch parts on and off, say what is what.
const root = document.documentElement;
const marks = [...document.querySelectorAll("[data-info]")];
const steps = marks.filter((mark) => !mark.classList.contains("p-whitespace"));
const status = document.getElementById("status");
const idle = [...status.childNodes];
const records = new Map([...document.querySelectorAll("[data-card]")].map((card) => [card.dataset.card, card]));
const strip = new Map([...document.querySelectorAll(".strip rect[data-of]")].map((rect) => [rect.dataset.of, rect]));

function say(mark) {
  status.textContent = "";
  if (!mark) {
    status.append(...idle);
    return;
  }
  const name = document.createElement("b");
  name.className = mark.dataset.tint;
  name.textContent = mark.dataset.name;
  status.append(name, " " + mark.dataset.info);
}

function show(mark) {
  for (const lit of document.querySelectorAll(".on")) lit.classList.remove("on");
  document.querySelector(".strip rect.mark")?.classList.remove("mark");
  say(mark);
  if (!mark) return;
  mark.classList.add("on");
  strip.get(mark.id)?.classList.add("mark");
  const card = records.get(mark.dataset.record);
  if (!card) return;
  card.classList.add("on");
  const side = card.closest(".side");
  if (side && side.scrollHeight > side.clientHeight) {
    const place = card.offsetTop - side.offsetTop;
    if (place < side.scrollTop || place > side.scrollTop + side.clientHeight - 80) side.scrollTop = place - 8;
  }
}

let here = steps[0];
function go(mark) {
  if (!mark) return;
  if (here) here.tabIndex = -1;
  here = mark;
  here.tabIndex = 0;
  here.focus();
}

function step(by, wanted) {
  let index = steps.indexOf(here);
  const active = document.activeElement === here;
  if (!active && wanted === undefined) return go(here);
  for (index += by; index >= 0 && index < steps.length; index += by) {
    if (wanted === undefined || wanted(steps[index])) return go(steps[index]);
  }
}

function byRecord(by) {
  const from = here?.dataset.record;
  step(by, (mark) => mark.dataset.record !== undefined && mark.dataset.record !== from
    && marks.find((other) => other.dataset.record === mark.dataset.record) === mark);
}

for (const mark of marks) {
  mark.addEventListener("mouseenter", () => show(mark));
  mark.addEventListener("mouseleave", () => show(document.activeElement === here ? here : null));
}
for (const mark of steps) {
  mark.tabIndex = mark === here ? 0 : -1;
  mark.addEventListener("focus", () => show(mark));
  mark.addEventListener("blur", () => show(null));
  mark.addEventListener("click", () => {
    go(mark);
    const card = records.get(mark.dataset.record);
    if (card) card.open = true;
  });
}

const chips = [...document.querySelectorAll(".chip")];
function set(chip, on) {
  chip.setAttribute("aria-pressed", String(on));
  root.classList.toggle("off-" + chip.dataset.part, !on);
}
for (const chip of chips) {
  chip.addEventListener("click", () => set(chip, chip.getAttribute("aria-pressed") !== "true"));
}
for (const tool of document.querySelectorAll("[data-only]")) {
  const wanted = tool.dataset.only.split(" ");
  tool.addEventListener("click", () => {
    for (const chip of chips) set(chip, wanted.includes("*") || wanted.includes(chip.dataset.part));
  });
}
const names = document.getElementById("names");
names?.addEventListener("click", () => {
  const on = root.classList.toggle("named");
  names.setAttribute("aria-pressed", String(on));
});

addEventListener("hashchange", () => {
  const mark = document.getElementById(location.hash.slice(1));
  if (steps.includes(mark)) go(mark);
});
addEventListener("beforeprint", () => {
  for (const card of records.values()) card.open = true;
});

const keys = {
  j: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowLeft: () => step(-1),
  J: () => byRecord(1), K: () => byRecord(-1), n: () => names?.click(), Escape: () => here?.blur(),
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  if (event.key.startsWith("Arrow") && document.activeElement !== here) return;
  keys[event.key]();
  event.preventDefault();
});
