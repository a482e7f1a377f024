// Keeps a page about running work fresh: fetches it again and swaps the part marked data-live, until that has ended.
const live = () => document.querySelector("[data-live]");

function scrollLog() {
  const log = document.getElementById("log");
  if (log) log.scrollTop = log.scrollHeight;
}

function tellState(before) {
  const now = document.querySelector("[data-state]")?.textContent.trim();
  const told = document.getElementById("live-state");
  if (told && now && now !== before) told.textContent = now;
}

// A button that is in use stays in use: it is found again by the form it stands in.
function placeOfFocus(part) {
  const form = part.contains(document.activeElement) && document.activeElement.closest("form");
  return form ? form.getAttribute("action") : null;
}

async function renew() {
  const part = live();
  if (!part) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!answer.ok || !fresh) return location.reload(); // signed out in between, or removed
    const before = document.querySelector("[data-state]")?.textContent.trim();
    const held = placeOfFocus(part);
    const unfolded = [...part.querySelectorAll("details[open][id]")].map((each) => each.id);
    part.replaceWith(fresh);
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
    if (held) fresh.querySelector(`form[action="${held}"] button`)?.focus();
    tellState(before);
    scrollLog();
  } catch {
    // the network is away for a moment: try again
  }
  wait();
}

function wait() {
  const seconds = Number(live()?.dataset.live);
  if (seconds) setTimeout(renew, seconds * 1000);
}

scrollLog();
wait();
