"use strict";
/* The page's own behaviour: hover cards, opening an article at its span, keyboard, theme, copying.
   All HTML comes from the server, escaped or through an allowlist; this file only moves nodes about. */
window.byline = (() => {
  const parts = {};
  const $ = (selector, root = document) => root.querySelector(selector);
  const nextFrame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  /* A Gradio HTML component hands itself over: {element, props, server, watch, trigger}. */
  function register(name, part) {
    parts[name] = part;
    if (name === "article") part.watch("value", () => nextFrame().then(() => showActive("auto")));
    if (name === "live") part.watch("value", followTurn);
    if (name === "statements") part.watch("value", () => nextFrame().then(askForDays));
    if (name === "filters") part.watch("value", () => nextFrame().then(showScope));
  }

  /* Gradio has no field for a day that needs no script of its own; the browser has one. */
  const askForDays = () => document.querySelectorAll("#who-since input, #who-until input").forEach((field) => { field.type = "date"; });

  /* --- theme ------------------------------------------------------------------------------ */
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function applyTheme() {
    let chosen = null;
    try { chosen = localStorage.getItem("byline-theme"); } catch { /* storage is switched off */ }
    const isDark = chosen ? chosen === "dark" : dark.matches;
    document.documentElement.classList.toggle("dark", isDark);
    document.body?.classList.toggle("dark", isDark);
    $("#theme-toggle")?.setAttribute("aria-pressed", String(isDark));
  }
  function toggleTheme() {
    const next = document.documentElement.classList.contains("dark") ? "light" : "dark";
    try { localStorage.setItem("byline-theme", next); } catch { /* lasts for this page only */ }
    applyTheme();
  }
  dark.addEventListener("change", applyTheme);
  applyTheme();
  document.addEventListener("DOMContentLoaded", applyTheme);

  /* --- asking ----------------------------------------------------------------------------- */
  const composer = () => $("#question textarea");
  function write(text, select) {
    const box = composer();
    if (!box) return;
    setValue(box, text);
    box.focus();
    const at = select ? text.indexOf(select) : -1;
    if (at >= 0) box.setSelectionRange(at, at + select.length);
    else box.setSelectionRange(text.length, text.length);
  }
  function setValue(box, text) {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  async function addAddress(address) {
    setValue($("#address textarea, #address input"), address);
    await nextFrame();
    $("#add-address").click();
  }
  function narrow(field, value) {
    const box = $(field);
    box.focus();
    setValue(box, value);
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    box.blur();
  }
  const openRoom = (name) => [...document.querySelectorAll("#rooms [role=tab]")].find((tab) => tab.textContent.trim() === name)?.click();
  function beginAnew() {
    forgetTurns();
    parts.live.trigger("new_conversation");
    clearScope();
    document.body.classList.remove("reading");
    openRoom("Ask");
    nextFrame().then(() => composer()?.focus());
  }
  async function askNow(text) {
    write(text);
    await nextFrame();
    openRoom("Ask");
    $("#ask")?.click();
  }
  /* The composer shows at once that a question is on its way; the first step from the server takes over. */
  function beginAsking() {
    if (!composer()?.value.trim()) return;
    answered = $("#live .turn[data-answer]")?.cloneNode(true) ?? null;
    document.body.classList.add("asking");
    setTimeout(askWhetherAlive, 4000);
  }
  async function askWhetherAlive() {
    if (!document.body.classList.contains("asking")) return;
    const alive = await fetch("healthz").then((reply) => reply.ok, () => false);
    if (!alive) sayOffline();
  }
  /* Runs what needs the server; where it does not answer, the page says so instead of doing nothing. */
  async function withServer(work) {
    try {
      const result = await work();
      if (typeof result !== "string") throw new Error("no answer"); // Gradio gives undefined for a failed call
      $("#offline")?.remove();
      return result;
    } catch {
      sayOffline();
      return null;
    }
  }
  function sayOffline() {
    document.body.classList.remove("asking");
    if ($("#offline")) return;
    const notice = document.createElement("p");
    notice.id = "offline";
    notice.setAttribute("role", "alert");
    notice.textContent = "The server does not answer. Is byline still running? What you see stays as it is.";
    document.body.append(notice);
  }
  document.addEventListener("click", (event) => { if (event.target.closest?.("#ask")) beginAsking(); }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target === composer()) beginAsking();
  }, true);
  /* The newest question is brought to the top when it begins, and again when its answer has replaced the
     steps, since what stands above may have changed its height; unless the reader has moved meanwhile. */
  let turnSeen = null;
  let answered = null; // the turn that the next question takes the place of: it moves up among the earlier ones
  let readerMoved = false;
  for (const moves of ["wheel", "touchmove", "pointerdown"]) {
    document.addEventListener(moves, (event) => { if (event.target.closest?.("#ask-room")) readerMoved = true; }, { passive: true });
  }
  /* Earlier turns stay in the browser: sending them again with each question took over a second. */
  function earlierTurns() {
    let place = $("#earlier");
    if (!place) {
      // the class that Gradio gives to what it renders, by which the style sheet knows it
      place = Object.assign(document.createElement("div"), { id: "earlier", className: "html-container" });
      $("#past").append(place);
    }
    return place;
  }
  function forgetTurns() {
    $("#earlier")?.remove();
    answered = turnSeen = null;
  }
  function followTurn() {
    document.body.classList.remove("asking");
    const turn = $("#live .turn");
    if (!turn) { turnSeen = null; return; }
    const question = $(".question", turn)?.textContent;
    const isLive = turn.classList.contains("live");
    tell(isLive ? $(".step", turn)?.textContent : `Answered: ${$(".abstention-title, .notice b, .summary", turn)?.textContent ?? ""}`);
    const begins = turnSeen !== question;
    if (begins) {
      readerMoved = false;
      if (answered) earlierTurns().append(answered);
      answered = null;
    }
    if (!begins && isLive) return;
    turnSeen = isLive ? question : null;
    if (begins || !readerMoved) nextFrame().then(() => $("#live .turn")?.scrollIntoView({ block: "start", behavior: motion() }));
  }
  /* For those who hear the page: what happens, in a place that is there from the beginning. */
  function tell(words) {
    const told = $("#told");
    const plain = (words ?? "").replace(/\s+/g, " ").trim();
    if (told && told.textContent !== plain) told.textContent = plain;
  }
  const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

  /* --- filters: which articles are asked ------------------------------------------------------ */
  const scope = { since: "", until: "", outlets: [], without: [] }; // `without` holds {id, title}
  const panel = () => $("#filter-panel");
  function narrowed() {
    return Boolean(scope.since || scope.until || scope.outlets.length || scope.without.length);
  }
  /* Show what is chosen in the form and as chips, and write it where the question takes it along. */
  function showScope() {
    const form = panel();
    if (!form) return;
    form.elements.since.value = scope.since;
    form.elements.until.value = scope.until;
    form.querySelectorAll("[name=outlet]").forEach((box) => { box.checked = scope.outlets.includes(box.value); });
    $(".filter-toggle").classList.toggle("on", narrowed());
    const chips = [
      ...scope.outlets.map((outlet) => ["only", outlet, () => drop("outlets", (one) => one === outlet)]),
      ...(scope.since ? [["from", scope.since, () => { scope.since = ""; }]] : []),
      ...(scope.until ? [["until", scope.until, () => { scope.until = ""; }]] : []),
      ...scope.without.map(({ id, title }) => ["without", title, () => drop("without", (one) => one.id === id)]),
    ];
    $(".filter-chips").replaceChildren(...chips.map(([name, value, remove]) => filterChip(name, value, remove)));
    const { since, until, outlets, without } = scope;
    setValue($("#scope textarea, #scope input"),
      narrowed() ? JSON.stringify({ since, until, outlets, without: without.map((one) => one.id) }) : "");
  }
  const drop = (field, is) => { scope[field] = scope[field].filter((one) => !is(one)); };
  function filterChip(name, value, remove) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.setAttribute("aria-label", `Remove filter: ${name} ${value}`);
    for (const [tag, words] of [["span", name], ["bdi", value], ["i", "×"]]) {
      chip.append(Object.assign(document.createElement(tag), { textContent: words }), " ");
    }
    chip.addEventListener("click", () => { remove(); showScope(); composer()?.focus(); });
    return chip;
  }
  function togglePanel(open = panel()?.hidden) {
    const form = panel();
    if (!form || form.hidden !== open) return;
    form.hidden = !open;
    $(".filter-toggle").setAttribute("aria-expanded", String(open));
    if (open) form.elements.since.focus();
    else if (document.activeElement === document.body || form.contains(document.activeElement)) composer()?.focus();
  }
  function clearScope() {
    Object.assign(scope, { since: "", until: "", outlets: [], without: [] });
    showScope();
  }
  async function leaveOut({ leaveOut: id, title, question }) {
    if (!scope.without.some((one) => one.id === id)) scope.without.push({ id, title });
    showScope();
    await askNow(question);
  }
  document.addEventListener("change", (event) => {
    const form = panel();
    if (!form?.contains(event.target)) return;
    scope.since = form.elements.since.value;
    scope.until = form.elements.until.value;
    scope.outlets = [...form.querySelectorAll("[name=outlet]:checked")].map((box) => box.value);
    showScope();
  });
  document.addEventListener("submit", (event) => {
    if (event.target === panel()) { event.preventDefault(); togglePanel(false); }
  });
  document.addEventListener("pointerdown", (event) => {
    if (panel() && !panel().hidden && !event.target.closest?.("#filter-panel, [data-act=scope]")) togglePanel(false);
  });

  /* --- the article column ------------------------------------------------------------------ */
  let cameFrom = null;
  async function openSource(button) {
    const { article, version, start, end, marker } = button.dataset;
    const turn = button.closest(".turn");
    const others = turn
      ? [...turn.querySelectorAll(".cite[data-article]")]
          .filter((other) => other.dataset.article === article && other.dataset.version === version)
          .map((other) => ({ start: +other.dataset.start, end: +other.dataset.end, marker: +other.dataset.marker }))
      : [];
    cameFrom = button;
    hideCard();
    document.querySelectorAll(".opened").forEach((old) => old.classList.remove("opened"));
    button.classList.add("opened");
    const html = await withServer(() => parts.article.server.open_article({
      article, version: +version, start: +start, end: +end, marker: marker ? +marker : null, others,
    }));
    if (html === null) return;
    const changed = html !== parts.article.props.value;
    parts.article.props.value = html;
    document.body.classList.add("reading");
    if (changed) await nextFrame();
    showActive(motion());
    $("#column")?.setAttribute("tabindex", "-1");
    if (matchMedia("(max-width: 60rem)").matches) $("#back")?.focus();
  }
  function showActive(behavior) {
    const lit = $("#column mark.active");
    const scroller = $("#column-scroll");
    if (!scroller) return;
    if (!lit) { scroller.scrollTo({ top: 0 }); return; }
    const top = lit.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    scroller.scrollTo({ top: Math.max(0, top - scroller.clientHeight * 0.3), behavior });
  }
  function closeColumn() {
    document.body.classList.remove("reading");
    cameFrom?.focus();
  }

  /* --- cards on hover and focus ------------------------------------------------------------ */
  let card = null;
  let cardOwner = null;
  function showCard(button) {
    if (cardOwner === button) return;
    hideCard();
    const source = document.getElementById(button.getAttribute("aria-describedby"));
    if (!source) return;
    card = document.createElement("div");
    card.className = "card";
    card.setAttribute("aria-hidden", "true");
    for (const node of source.childNodes) card.append(node.cloneNode(true));
    document.body.append(card);
    const place = button.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const edge = button.closest("#left")?.getBoundingClientRect().right ?? innerWidth; // the article stays in sight
    const left = Math.max(8, Math.min(place.left - 16, edge - size.width - 8));
    const below = place.bottom + 8 + size.height < innerHeight;
    card.style.left = `${left}px`;
    card.style.top = `${below ? place.bottom + 8 : Math.max(8, place.top - size.height - 8)}px`;
    cardOwner = button;
  }
  function hideCard() {
    card?.remove();
    card = cardOwner = null;
  }
  const carded = (event) => event.target.closest?.("button.cite, button.verdict");
  document.addEventListener("mouseover", (event) => { const owner = carded(event); if (owner) showCard(owner); else hideCard(); });
  document.addEventListener("focusin", (event) => { const owner = carded(event); if (owner) showCard(owner); else hideCard(); });
  document.addEventListener("scroll", hideCard, true);

  /* --- clicks ------------------------------------------------------------------------------ */
  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      announce(button, "Copied");
    } catch {
      announce(button, "Copying is not allowed here");
    }
  }
  function announce(button, words) {
    const before = button.textContent;
    button.textContent = words;
    setTimeout(() => { button.textContent = before; }, 1600);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    const has = button.dataset;
    /* Whoever opens the room with a mouse goes on to write; a telephone's keyboard would cover what is there. */
    if (event.detail && button.matches("#rooms [role=tab]") && button.textContent.trim() === "Ask" && matchMedia("(hover: hover)").matches) {
      nextFrame().then(() => composer()?.focus());
    }
    if (button.matches(".cite[data-article], .open-source")) openSource(button);
    else if (has.leaveOut !== undefined) leaveOut(has);
    else if (has.askEverywhere !== undefined) { clearScope(); askNow(has.askEverywhere); }
    else if (has.act === "scope") { openRoom("Ask"); togglePanel(); }
    else if (has.act === "clear-scope") clearScope();
    else if (has.askNow !== undefined) askNow(has.askNow);
    else if (has.ask !== undefined) write(has.ask, has.select);
    else if (has.copy !== undefined) copy(button);
    else if (has.act === "theme") toggleTheme();
    else if (has.act === "close-column") closeColumn();
    else if (has.act === "library") openRoom("Library");
    else if (has.act === "new") beginAnew();
    else if (has.conversation !== undefined) { forgetTurns(); parts.history.trigger("open_conversation", { conversation: has.conversation }); }
    else if (has.rename !== undefined) rename(button);
    else if (has.report !== undefined) report(button);
    else if (has.tryAgain !== undefined) parts.progress.trigger("try_again", { item: +has.tryAgain });
    else if (has.address !== undefined) addAddress(has.address);
    else if (has.about !== undefined) narrow("#who-about textarea, #who-about input", has.about);
    else if (has.speaker !== undefined) narrow("#who-speaker input", has.speaker);
    else if (has.call) call(button);
  });

  async function report(button) {
    const turn = button.closest(".turn");
    const part = button.closest("#past") ? parts.past : parts.live;
    const words = await withServer(() => part.server.report({
      answer: turn.dataset.answer, problem: button.dataset.report, sentence: +$(".report select", turn).value,
    }));
    if (words !== null) announce(button, words);
  }
  function rename(button) {
    const title = $(".title button", button.closest(".holding"));
    const field = document.createElement("input");
    field.value = button.dataset.title;
    field.setAttribute("aria-label", "New title");
    field.className = "rename";
    title.replaceWith(field);
    field.focus();
    field.addEventListener("keydown", async (event) => {
      if (event.key === "Escape") { event.stopPropagation(); field.replaceWith(title); }
      if (event.key !== "Enter") return;
      const html = await withServer(() => parts.history.server.rename_conversation({
        conversation: button.dataset.rename, title: field.value,
      }));
      field.replaceWith(title);
      if (html !== null) parts.history.props.value = html;
    });
  }

  /* A button with data-call runs that function of its component on the server and shows what it returns. */
  async function call(button) {
    const { call: name, part, payload, confirm: question } = button.dataset;
    if (question && button.dataset.armed === undefined) {
      button.dataset.armed = button.textContent;
      button.textContent = question;
      setTimeout(() => {
        if (button.dataset.armed === undefined) return;
        button.textContent = button.dataset.armed;
        delete button.dataset.armed;
      }, 4000);
      return;
    }
    button.disabled = true;
    const html = await withServer(() => parts[part].server[name](JSON.parse(payload)));
    button.disabled = false;
    if (html !== null) parts[part].props.value = html;
  }

  /* --- keyboard ---------------------------------------------------------------------------- */
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      composer()?.focus();
    } else if (event.key === "Escape") {
      const stop = $("#stop");
      if (card) hideCard();
      else if (panel() && !panel().hidden) togglePanel(false);
      else if (stop && stop.offsetParent) stop.click();
      else if (document.body.classList.contains("reading")) closeColumn();
    } else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && event.target.matches?.("button.cite")) {
      const all = [...document.querySelectorAll("button.cite")];
      const to = all[all.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1)];
      if (to) { event.preventDefault(); to.focus(); }
    }
  });

  return { register };
})();
