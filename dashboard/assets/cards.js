/* Tabs of cards, and charts on the full screen. The server has drawn every panel: another tab is shown without
   asking it, and the address keeps which ones are open, so that a link shows the same. */
(function () {
  "use strict";
  var KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

  function nameOf(card) { return card.getAttribute("data-card"); }
  function tabsOf(card) { return Array.prototype.slice.call(card.querySelectorAll("[role=tab]")); }
  function tabAt(target) { return target.closest && target.closest("[data-card] [role=tab]"); }

  /* Which tab of which card is open, "ladder.table,shape.about", as the address has it. */
  function asked() {
    var opened = {};
    (new URLSearchParams(window.location.search).get("tab") || "").split(",").forEach(function (each) {
      var dot = each.indexOf(".");
      if (dot > 0) { opened[each.slice(0, dot)] = each.slice(dot + 1); }
    });
    return opened;
  }

  function show(card, wanted) {
    var tabs = tabsOf(card);
    var opened = tabs.filter(function (tab) { return tab.getAttribute("data-tab") === wanted; })[0] || tabs[0];
    tabs.forEach(function (tab) {
      var panel = document.getElementById(tab.getAttribute("aria-controls"));
      tab.setAttribute("aria-selected", tab === opened ? "true" : "false");
      tab.tabIndex = tab === opened ? 0 : -1;
      if (panel) { panel.hidden = tab !== opened; }
    });
  }

  /* A page that was drawn anew, for whatever reason, opens what the address says. */
  window.rttTabs = function () {
    var opened = asked();
    document.querySelectorAll("[data-card]").forEach(function (card) {
      if (tabsOf(card).length) { show(card, opened[nameOf(card)] || ""); }
    });
    if (!document.querySelector(".rtt-card--larger")) { wakeAll(); }
  };

  function open(tab) {
    var card = tab.closest("[data-card]"), opened = asked(), wanted = tab.getAttribute("data-tab");
    if (wanted) { opened[nameOf(card)] = wanted; } else { delete opened[nameOf(card)]; }
    var query = new URLSearchParams(window.location.search);
    var words = Object.keys(opened).map(function (name) { return name + "." + opened[name]; }).join(",");
    if (words) { query.set("tab", words); } else { query.delete("tab"); }
    var search = query.toString().replace(/%2C/g, ",");
    window.history.replaceState(window.history.state, "", window.location.pathname + (search ? "?" + search : "") + window.location.hash);
    show(card, wanted);
  }

  /* Before url.js follows it as a link: a tab is a link only for who opens it apart. */
  document.addEventListener("click", function (event) {
    var tab = tabAt(event.target);
    if (!tab || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) { return; }
    event.preventDefault();
    open(tab);
  }, true);

  document.addEventListener("keydown", function (event) {
    var tab = tabAt(event.target);
    if (!tab || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === " ") { event.preventDefault(); open(tab); }
    if (!(event.key in KEYS)) { return; }
    event.preventDefault();
    var tabs = tabsOf(tab.closest("[data-card]")), to = tabs.indexOf(tab) + KEYS[event.key];
    var next = tabs[to === -Infinity ? 0 : to === Infinity ? tabs.length - 1 : (to + tabs.length) % tabs.length];
    open(next);
    next.focus();
  });

  /* The box is applied when the press takes the focus out of it; an empty one says what it is for. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-find]");
    var box = button && button.closest(".rtt-rows-found").querySelector("input"), live = document.getElementById("announce");
    if (!box || box.value) { return; }
    box.focus();
    if (live) { live.textContent = "Type a word to find rows by"; }
  });

  /* A chart over the whole screen, or over the window where a browser has no full screen for a part of a page.
     No key reaches what lies behind it meanwhile. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-larger]");
    if (!button) { return; }
    var card = button.closest("[data-card]");
    if (card.classList.contains("rtt-card--larger")) { leave(card); } else { enter(card); }
  });

  function enter(card) {
    enlarge(card);
    if (card.requestFullscreen) {
      // It takes a moment to come: whoever has pressed again meanwhile does not want it any more.
      card.requestFullscreen().then(function () {
        if (!card.classList.contains("rtt-card--larger")) { document.exitFullscreen(); }
      }).catch(function () { /* it fills the window */ });
    }
  }

  function leave(card) {
    if (document.fullscreenElement) { document.exitFullscreen(); }
    reduce(card);
  }

  function enlarge(card) {
    card.classList.add("rtt-card--larger");
    worded(card, "Close full screen");
    for (var it = card; it !== document.body && it.parentElement; it = it.parentElement) {
      Array.prototype.forEach.call(it.parentElement.children, function (other) {
        if (other !== it && !other.inert && !other.hasAttribute("aria-live")) {
          other.inert = true;
          other.setAttribute("data-behind", "");
        }
      });
    }
  }

  function reduce(card) {
    card.classList.remove("rtt-card--larger");
    worded(card, "Full screen");
    wakeAll();
    var button = card.querySelector("[data-larger]");
    if (button) { button.focus({ preventScroll: true }); }
  }

  function wakeAll() {
    document.querySelectorAll("[data-behind]").forEach(function (other) {
      other.inert = false;
      other.removeAttribute("data-behind");
    });
  }

  function worded(card, words) {
    var button = card.querySelector("[data-larger]"), title = card.querySelector("h2");
    if (!button) { return; }
    button.textContent = words;
    button.setAttribute("aria-label", words + (title ? ": " + title.textContent : ""));
  }

  /* Escape leaves the browser's own full screen without asking us. */
  document.addEventListener("fullscreenchange", function () {
    var card = document.querySelector(".rtt-card--larger");
    if (card && !document.fullscreenElement) { reduce(card); }
  });
  document.addEventListener("keydown", function (event) {
    var card = event.key === "Escape" && document.querySelector(".rtt-card--larger");
    if (card) { leave(card); }
  });
})();
