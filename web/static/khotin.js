// Makes a working page nicer: “/” goes to the search box, as in most places that are searched a lot.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.getElementById("q");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
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

// In an article with hits, n goes to the next and p to the one before; without a script the arrows beside each do.
document.addEventListener("keydown", (event) => {
  const step = { n: 1, p: -1 }[event.key];
  const inField = event.target.closest("input, textarea, select, [contenteditable]");
  if (!step || inField || event.ctrlKey || event.metaKey || event.altKey) return;
  const next = Number(/^#hit-(\d+)$/.exec(location.hash)?.[1] ?? 0) + step;
  if (document.getElementById(`hit-${next}`)) location.hash = `hit-${next}`;
});
