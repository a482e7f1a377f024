// Makes a working page nicer; everything works without it.

// Keys, as in most places that are searched a lot: “/” the question, j and k from result to result, o opens one.
const typedIn = (element) => element.closest("input, textarea, select, [contenteditable]");

function step(by) {
  const titles = [...document.querySelectorAll(".hit h3 a")];
  const here = titles.indexOf(document.activeElement.closest(".hit")?.querySelector("h3 a"));
  const next = titles[here < 0 ? (by > 0 ? 0 : titles.length - 1) : here + by];
  next?.focus();
  next?.closest(".hit").scrollIntoView({ block: "nearest" });
}

// In an article with marks n goes to the next one and p to the one before: #hit-1, #hit-2 …
function mark(by) {
  const name = `hit-${Number(/^#hit-(\d+)$/.exec(location.hash)?.[1] ?? 0) + by}`;
  if (document.getElementById(name)) location.hash = name;
}

const KEYS = {
  "/": () => {
    const question = document.getElementById("q");
    question?.focus();
    question?.select();
    return question;
  },
  j: () => step(1),
  k: () => step(-1),
  n: () => mark(1),
  p: () => mark(-1),
  o: () => document.activeElement.closest(".hit")?.querySelector("h3 a").click(),
};

// Whoever speaks to the computer, or hits keys by accident, can switch them off; this browser remembers it.
const remembered = (() => {
  try {
    return window.localStorage;
  } catch {
    return {}; // a browser that keeps nothing
  }
})();
const showKeys = () => document.documentElement.classList.toggle("keyless", remembered.keys === "off");
showKeys();

for (const button of document.querySelectorAll("[data-keys]")) {
  button.addEventListener("click", () => {
    remembered.keys = button.dataset.keys;
    showKeys();
    document.querySelector(`[data-keys=${remembered.keys === "off" ? "on" : "off"}]`).focus();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typedIn(event.target) || remembered.keys === "off") return;
  if (!Object.hasOwn(KEYS, event.key)) return;
  KEYS[event.key]();
  if (event.key === "/") event.preventDefault();
});

// Offers completions while somebody types: the archive's own titles, terms, places and document numbers.
const box = document.querySelector("[data-suggest]");
let asked = 0;
let typing;

async function offer() {
  const turn = ++asked;
  const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(box.value)}`).catch(() => null);
  if (!answer?.ok || turn !== asked) return; // an older answer must not replace a newer one
  const { suggestions } = await answer.json();
  document.getElementById("completions").replaceChildren(
    ...suggestions.map(({ text }) => Object.assign(document.createElement("option"), { value: text })),
  );
}

box?.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(offer, 150);
});

// Finds in a long list while somebody types: the same page is asked for, and its list put in the place of this one.
const list = document.querySelector("[data-list]");

async function find() {
  const turn = ++asked;
  const answer = await fetch(`${list.dataset.list}?${new URLSearchParams(new FormData(list.form))}`).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("values").replaceWith(page.getElementById("values"));
}

list?.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(find, 150);
});

// Dragging over the timeline chooses the months from one end to the other; what is chosen is what a click would send.
const months = document.querySelector(".months");
let from = -1;
let to = -1;

function monthAt(event) {
  const cells = months.querySelector(".picks").children;
  const { left, width } = months.getBoundingClientRect();
  return Math.max(0, Math.min(cells.length - 1, Math.floor(((event.clientX - left) / width) * cells.length)));
}

function shade() {
  [...months.querySelector(".picks").children].forEach((cell, at) => {
    cell.classList.toggle("in", from >= 0 && at >= Math.min(from, to) && at <= Math.max(from, to));
  });
}

function named(at) {
  const first = months.dataset.months;
  if (first.length === 4) return String(Number(first) + at); // a long archive: each bar is a year
  const month = Number(first.slice(0, 4)) * 12 + Number(first.slice(5)) - 1 + at;
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}

months?.addEventListener("pointerdown", (event) => {
  if (event.button === 0) from = to = monthAt(event);
});

addEventListener("pointermove", (event) => {
  if (from < 0 || monthAt(event) === to) return;
  to = monthAt(event);
  shade();
});

function letGo() {
  from = -1;
  if (months) shade();
}

addEventListener("pointercancel", letGo);
addEventListener("pointerup", () => {
  if (from >= 0 && from !== to) {
    const value = [from, to].sort((a, b) => a - b).map(named).join("..");
    const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: "within", value });
    months.closest("form").append(chosen);
    months.closest("form").requestSubmit();
    chosen.remove(); // so that coming back to this page finds it as it was
  }
  letGo();
});
