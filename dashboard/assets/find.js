/* Find a place: one field that is a combobox with a list of hits under it (ARIA 1.2, editable, list popup). The
   server finds; a hit is an address of the page that is open. Enter without a hit, or without this script, leads to
   a plain page of links. */
(function () {
  "use strict";
  var KEPT = "rtt.places", MOST = 5, asking = null, waiting = 0, hits = [], active = -1, moved = false;
  var fresh = true, entered = false; // whether the hits are of what is typed; whether Enter waits for them
  var field, list, popup, nothing;

  function made(name, attributes, parent) {
    var element = document.createElement(name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    if (parent) { parent.appendChild(element); }
    return element;
  }

  function build(place) {
    var form = made("form", { role: "search", action: window.rttRoot() + "places" }, place);
    field = made("input", {
      id: "find", name: "q", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: "100",
      "aria-label": "Find a place or specialty", placeholder: "Find a place or specialty", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "find-list"
    }, form);
    popup = made("div", { "class": "rtt-find__popup", hidden: "" }, form);
    list = made("ul", { id: "find-list", role: "listbox", "aria-label": "Places and specialties" }, popup);
    nothing = made("p", { hidden: "" }, popup);
    nothing.textContent = "Nothing matches.";
    made("a", { href: window.rttRoot() + "places", target: "_self", "class": "rtt-find__all" }, popup).textContent = "All places";
    field.addEventListener("input", function () {
      moved = fresh = entered = false;
      mark(-1); // the hits are of what was typed before: nobody is led to one of those
      ask();
    });
    field.addEventListener("focus", function () { field.select(); });
    field.addEventListener("click", function () { if (popup.hidden) { ask(); } });
    field.addEventListener("keydown", press);
    form.addEventListener("submit", function (event) { if (!field.value.trim()) { event.preventDefault(); } });
    form.addEventListener("focusout", function (event) { if (!form.contains(event.relatedTarget)) { close(); } });
    // A press on a hit leaves the focus in the field, so that the list stays under the pointer.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var option = event.target.closest("[role=option]");
      if (option) { choose(Number(option.getAttribute("data-at"))); }
    });
  }

  function ask() {
    var query = new URLSearchParams({ q: field.value, page: here(), at: window.rttAsked(), recent: kept().join(",") });
    var data = new URLSearchParams(window.location.search).get("data");
    if (data) { query.set("data", data); }
    if (asking) { asking.abort(); }
    var mine = asking = new AbortController();
    function over() { var last = mine === asking; if (last) { asking = null; } return last; }
    window.fetch(window.rttRoot() + "places.json?" + query.toString(), { signal: mine.signal, cache: "no-store" })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(); })
      .then(function (found) { if (over()) { show(found); } })
      .catch(function () { if (over() && entered) { field.form.submit(); } });
  }

  function here() { return "/" + window.location.pathname.slice(window.rttRoot().length); }

  function show(found) {
    if (document.activeElement !== field) { return; }
    hits = found.results;
    fresh = true;
    list.textContent = "";
    hits.forEach(function (hit, at) {
      var option = made("li", { role: "option", id: "find-" + at, "data-at": at, "aria-selected": "false" }, list);
      made("span", { "class": "rtt-find__name" }, option).textContent = hit.name;
      option.appendChild(document.createTextNode(" "));
      made("span", { "class": "rtt-find__about" }, option).textContent = hit.about;
    });
    list.hidden = !hits.length;
    nothing.hidden = hits.length > 0;
    open();
    // What is typed leads to the first hit; before anything is typed nothing is chosen.
    mark(field.value.trim() && hits.length ? 0 : -1);
    if (entered && hits.length) { choose(0); return; }
    if (entered) { field.form.submit(); return; }
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () { tell(found.total); }, 400); // after the letter is said
  }

  function tell(total) {
    var live = document.getElementById("announce");
    var more = total > hits.length ? ", the first " + hits.length + " are listed" : "";
    if (live && !popup.hidden) { live.textContent = total === 1 ? "1 match" : total ? total + " matches" + more : "Nothing matches"; }
  }

  function open() { popup.hidden = false; field.setAttribute("aria-expanded", "true"); }
  function close() {
    if (asking) { asking.abort(); asking = null; }
    popup.hidden = true;
    moved = entered = false;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(at) {
    active = at;
    Array.prototype.forEach.call(list.children, function (option, position) {
      option.setAttribute("aria-selected", String(position === at));
      if (position === at) { option.scrollIntoView({ block: "nearest" }); }
    });
    if (at < 0) { field.removeAttribute("aria-activedescendant"); } else { field.setAttribute("aria-activedescendant", "find-" + at); }
  }

  function press(event) {
    var last = hits.length - 1, key = event.key;
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (popup.hidden) { ask(); return; }
      moved = true;
      if (last >= 0) { mark(key === "ArrowDown" ? (active >= last ? 0 : active + 1) : active <= 0 ? last : active - 1); }
    } else if ((key === "Home" || key === "End") && moved && !popup.hidden) {
      event.preventDefault();
      mark(key === "Home" ? 0 : last);
    } else if (key === "Enter" && asking && !fresh && field.value.trim()) {
      event.preventDefault();
      entered = true;
    } else if (key === "Enter" && active >= 0 && !popup.hidden) {
      event.preventDefault();
      choose(active);
    } else if (key === "Escape") {
      if (popup.hidden) { field.value = ""; } else { event.stopPropagation(); close(); }
    } else if (key === "ArrowLeft" || key === "ArrowRight") { moved = false; }
  }

  function choose(at) {
    var hit = hits[at], anchor = made("a", { href: hit.href, hidden: "" }, document.body);
    keep(hit.key);
    field.value = "";
    close();
    field.blur();
    anchor.click(); // as any link of ours: assets/url.js
    anchor.remove();
  }

  /* The places that this browser went to last, by level and code. */
  function kept() {
    try { return JSON.parse(window.localStorage.getItem(KEPT) || "[]").filter(function (key) { return /^\w+\.\w*$/.test(key); }); } catch (_) { return []; }
  }
  function keep(key) {
    if (!key) { return; }
    try { window.localStorage.setItem(KEPT, JSON.stringify([key].concat(kept().filter(function (other) { return other !== key; })).slice(0, MOST))); } catch (_) { /* not kept */ }
  }

  /* The field is put into the page once, when the page is there. */
  var looking = new MutationObserver(look);
  function look() {
    var place = document.querySelector("[data-places]:empty");
    if (place) { build(place); }
  }
  looking.observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
