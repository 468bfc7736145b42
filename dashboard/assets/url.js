/* The address bar is the state. These few functions keep it true; the server draws what it says. */
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  /* "/", or the path below which a proxy shows the dashboard, such as "/rtt/". */
  window.rttRoot = function () {
    return JSON.parse(document.getElementById("_dash-config").textContent).requests_pathname_prefix;
  };
  var nothing = function () { return window.dash_clientside.no_update; };

  var step = ""; // how the address changed last: "down" a new entry, "back" one that was there; else a filter

  /* A step adds an entry; the one left keeps how far it was read, so that Back leads there again. */
  function leave() {
    window.history.replaceState(Object.assign({}, window.history.state, { read: window.scrollY }), "");
    step = "down";
    wanted = null;
    touched = null;
    unfolded.clear();
    leftFrom = document.activeElement;
    openPanels().forEach(shut);
    window.rttLeaveFrame();
  }

  var leftFrom = null; // what had the focus when a step was made

  function atThisAddress(address) { return address === window.location.pathname + window.location.search; }

  var wanted = null; // how far to scroll once the page of an earlier entry stands again

  function readOn() {
    if (wanted === null) { return; }
    window.scrollTo(0, wanted);
    if (Math.abs(window.scrollY - wanted) < 2) { wanted = null; }
  }

  window.addEventListener("popstate", function (event) {
    step = "back";
    touched = null;
    window.rttLeaveFrame();
    leftFrom = document.activeElement;
    wanted = event.state && typeof event.state.read === "number" ? event.state.read : null;
  });
  ["wheel", "touchmove", "keydown", "pointerdown"].forEach(function (kind) {
    document.addEventListener(kind, function () { wanted = null; }, { passive: true });
  });

  /* Who looks at the sample beside own data goes on looking at it, until a link says "My data"; who keeps places
     in the address, because nobody signs in, keeps them from page to page. */
  function withSample(address) {
    var here = new URLSearchParams(window.location.search);
    return [ownAsked ? "" : "data", "places"].reduce(function (way, name) {
      var to = new URL(way, window.location.href);
      if (!name || !here.get(name) || to.searchParams.has(name)) { return way; }
      to.search = (to.search ? to.search + "&" : "?") + name + "=" + encodeURIComponent(here.get(name)).replace(/%2C/g, ",");
      return to.pathname + to.search + to.hash;
    }, address);
  }
  var ownAsked = false;

  /* The server names addresses from "/" on; here they stand below the path that a proxy shows us at. */
  function below(way) {
    var root = window.rttRoot();
    return way.indexOf(root) === 0 ? way : root + way.slice(1);
  }

  /* `way` is an address of ours, or a query of the page that is open. */
  function go(way, adds) {
    var address = /^\//.test(way) ? below(way) : window.location.pathname + (way ? "?" + way.replace(/^\?/, "") : "");
    address = withSample(address);
    // The second press of a double click leads nowhere new: an entry for it would make Back do nothing.
    if (adds && atThisAddress(address)) { return; }
    if (adds) { leave(); } else { step = ""; }
    window.history[adds ? "pushState" : "replaceState"]({}, "", address);
    // dcc.Location listens to this event, as it does to its own links.
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  /* What the address asks for: on a page that nobody asked anything of, what the server chose to show. */
  window.rttAsked = function () {
    var same = shown && shown.asked && shown.path === "/" + window.location.pathname.slice(window.rttRoot().length) && shown.search === window.location.search;
    return same ? shown.asked : window.location.search;
  };

  /* The link that is copied names its data and their date, so that it shows the same figures after newer ones
     are loaded. While a page is being drawn for another address nobody knows its date yet. */
  var shown = null; // what the page was drawn with last

  /* Which tab of a card is open changes the address, not the figures (cards.js). */
  function untabbed(search) {
    var query = new URLSearchParams(search);
    query.delete("tab");
    return query.toString();
  }

  function pinned() {
    var query = new URLSearchParams(window.rttAsked());
    var known = shown && shown.census && shown.path === window.location.pathname && untabbed(shown.search) === untabbed(window.location.search);
    if (known) {
      query.set("source", shown.source);
      query.set("census", shown.census);
    }
    // What the reader keeps for a list, whoever opens the link sees too.
    var kept = document.querySelector("#page [data-kept]");
    new URLSearchParams(kept ? kept.getAttribute("data-kept") : "").forEach(function (value, name) {
      if (!query.has(name)) { query.set(name, value); }
    });
    var words = written(query);
    return { address: window.location.pathname + (words ? "?" + words : "") + window.location.hash, day: known ? shown.day : "" };
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) { return; }
    var link = pinned();
    copied(window.location.origin + link.address).then(function () {
      tell("Link copied" + (link.day ? ". It keeps the figures of " + link.day + ", even after newer ones are loaded." : "."));
    }, function () {
      window.history.replaceState(window.history.state, "", link.address);
      if (shown) { shown.search = window.location.search; }
      tell("Your browser does not allow copying from this page. Copy the link from the address bar" +
        (link.day ? ": it now keeps the figures of " + link.day + "." : "."));
    });
  });

  /* Outside of HTTPS and localhost a browser has no clipboard for pages, but still copies what is selected. */
  function copied(address) {
    if (navigator.clipboard && window.isSecureContext) { return navigator.clipboard.writeText(address); }
    var field = document.createElement("textarea"), before = document.activeElement;
    field.value = address;
    field.className = "nhsuk-u-visually-hidden";
    document.body.appendChild(field);
    field.select();
    var done = document.execCommand("copy");
    field.remove();
    if (before && before.focus) { before.focus({ preventScroll: true }); }
    return done ? Promise.resolve() : Promise.reject();
  }

  /* Said at the foot of the window, over the page: nothing moves under the pointer. */
  var hush = 0;
  var filledIn = false; // whether a form of the page holds what a reader wrote or chose

  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (event.target.closest("#page form")) { filledIn = true; }
    });
  });

  function tell(words) {
    var live = document.getElementById("announce"), line = document.querySelector(".rtt-told");
    if (live) { live.textContent = words; }
    if (!line) {
      line = document.createElement("p");
      line.className = "rtt-told";
      line.setAttribute("aria-hidden", "true"); // it is said by the line above
      document.body.appendChild(line);
    }
    line.textContent = words;
    window.clearTimeout(hush);
    hush = window.setTimeout(function () { line.remove(); }, 6000);
  }

  /* Links inside the product move without a reload; everything else is left to the browser. */
  document.addEventListener("click", function (event) {
    var anchor = event.target.closest && event.target.closest("a[href]");
    if (!anchor || event.defaultPrevented || event.button !== 0 || anchor.target || anchor.hasAttribute("download")) { return; }
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) { return; }
    var way = anchor.getAttribute("href");
    var below = way.indexOf(window.rttRoot()) === 0 ? way.slice(window.rttRoot().length - 1) : way;
    if (!/^(\?|\/(?!\/|api\/|assets\/))/.test(below)) { return; }
    event.preventDefault();
    var to = new URL(way === "?" ? window.location.pathname : way, window.location.href);
    // The order of a table leaves open what is open.
    var tab = anchor.hasAttribute("data-kept") && new URLSearchParams(window.location.search).get("tab");
    if (tab) { to.searchParams.set("tab", tab); to.search = to.search.replace(/%2C/g, ","); }
    // Reset is a change of filters, not a step.
    ownAsked = anchor.hasAttribute("data-own");
    go(to.pathname + to.search + to.hash, !anchor.hasAttribute("data-replace"));
    ownAsked = false;
  });

  /* "All specialties" empties the boxes beside it. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-clear]");
    if (!button) { return; }
    var query = new URLSearchParams(window.rttAsked());
    query.delete(button.getAttribute("data-clear"));
    drop(button.getAttribute("data-clear"), query);
    go(written(query), false);
  });

  /* What opens under its button closes like a menu: by Escape, by a press elsewhere, by the focus going elsewhere.
     Never under a press of its own. A press on a word of it gives the focus to the nearest thing around that can
     hold it, in Safari even a press on a box does: that is not going elsewhere. To close the panel then would
     take the pressed word from under the pointer, and Chromium ends the tab over it. */
  var choosing = false; // whether the panel of boxes is open as far as the reader is concerned
  var readTo = 0;       // and how far it is scrolled

  function openPanels() { return Array.prototype.slice.call(document.querySelectorAll("details.rtt-popup[open]")); }
  function shut(panel) {
    if (panel.matches(".rtt-choices")) { choosing = false; }
    panel.open = false;
  }
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    openPanels().forEach(function (panel) {
      var within = panel.contains(document.activeElement);
      shut(panel);
      if (within) { panel.querySelector("summary").focus(); }
    });
  });
  document.addEventListener("pointerdown", function (event) {
    openPanels().forEach(function (panel) { if (!panel.contains(event.target)) { shut(panel); } });
  });
  document.addEventListener("focusin", function (event) {
    openPanels().forEach(function (panel) {
      if (!panel.contains(event.target) && !event.target.contains(panel)) { shut(panel); }
    });
  });
  document.addEventListener("scroll", function (event) {
    if (event.target.matches && event.target.matches(".rtt-choices__panel") && event.target.isConnected) { readTo = event.target.scrollTop; }
  }, true);

  /* What a reader opened stays open when the page is drawn again: every drawing makes it anew, closed. */
  var unfolded = new Set();

  function named(details) {
    var card = details.closest("[data-card]"), summary = details.querySelector("summary");
    return (card ? card.getAttribute("data-card") : "") + "|" + (summary ? summary.textContent : "");
  }

  document.addEventListener("toggle", function (event) {
    var details = event.target;
    if (details.nodeName !== "DETAILS" || !details.isConnected) { return; }
    if (details.matches(".rtt-choices")) { choosing = details.open; if (!choosing) { readTo = 0; } }
    if (details.closest("#page")) { unfolded[details.open ? "add" : "delete"](named(details)); }
  }, true);

  function unfold() {
    document.querySelectorAll("#page details:not([open])").forEach(function (details) {
      if (unfolded.has(named(details))) { details.open = true; }
    });
  }

  /* A press that began on a control and ends on the same control drawn anew is a press: the browser, which saw
     the first one go, makes no click of it. */
  var begun = null, pointers = 0;
  var PRESSED = "a[href], button, summary, label";

  function sameAs(one, other) {
    return one.nodeName === other.nodeName && one.textContent === other.textContent &&
      ["href", "for", "data-export", "data-clear", "aria-label"].every(function (name) { return one.getAttribute(name) === other.getAttribute(name); });
  }

  document.addEventListener("pointerdown", function (event) {
    pointers += 1;
    begun = event.isPrimary && event.pointerType === "mouse" && event.button === 0 && event.target.closest ? event.target.closest(PRESSED) : null;
  }, true);
  document.addEventListener("pointerup", function (event) {
    pointers = 0;
    var first = begun, under = document.elementFromPoint(event.clientX, event.clientY);
    var now = under && under.closest(PRESSED);
    begun = null;
    if (!first || first.isConnected || !now || !sameAs(first, now)) { return; }
    now.click();
  }, true);
  document.addEventListener("pointercancel", function () { pointers = 0; begun = null; }, true);

  /* A choice that another choice no longer allows is dropped: the new level has other organisations. */

  function drop(name, query) {
    ["page", "open"].forEach(function (place) { query.delete(place); }); // of another list
    // A group of trusts stands in the place of an organisation, one of specialties in that of the boxes.
    var ofSpecialties = / \(specialties\)$/.test(groupShown());
    // Among providers of another kind there is no place for the one that was chosen.
    if (name === "kind" && query.get("level") === "provider") { query.delete("org"); query.delete("level"); }
    if (name === "group") { (ofSpecialties ? ["tf"] : ["org", "level", "site"]).forEach(function (other) { query.delete(other); }); }
    if (name === "tf" && ofSpecialties) { query.delete("group"); }
    if (name === "peers" && !/^(provider|icb)$/.test(query.get("level") || "")) { query.delete("kind"); }
  }

  function groupShown() {
    var menu = document.getElementById(JSON.stringify({ name: "group", type: "filter" }));
    return menu && menu.selectedIndex >= 0 ? menu.options[menu.selectedIndex].text : "";
  }

  function written(query) { return query.toString().replace(/%2C/g, ","); }

  var drawnPath = null;
  var drawnScope = "";
  var touched = null; // the control a person changed last: it keeps the focus when the page is drawn again

  // Not the element in focus: a press on a word focuses no box in Safari, and a quick reader is elsewhere by now.
  document.addEventListener("change", function (event) {
    touched = /"type":"filter"/.test(event.target.id) ? event.target.id : null;
  });
  document.addEventListener("focusin", function (event) {
    var control = touched && document.getElementById(touched);
    if (control && !event.target.contains(control)) { touched = null; } // gone elsewhere
  });

  /* The controls are drawn anew some time after the figures: whenever that is, the focus goes back. */
  function watch(id, observer, options) {
    var element = document.getElementById(id);
    if (element && watched.get(observer) !== element) { watched.set(observer, element); observer.observe(element, options); }
  }
  var watched = new Map();
  var redrawn = new MutationObserver(keepFocus);
  var turned = new MutationObserver(unfold);
  var resized = new ResizeObserver(readOn);

  function scope() {
    var query = new URLSearchParams(window.location.search);
    return ["level", "org", "tf"].map(function (name) { return query.get(name) || ""; }).join(" ");
  }

  /* A heading that sorts keeps the focus when its table is drawn in the other order. */
  var pressed = null;
  document.addEventListener("click", function (event) {
    var way = event.target.closest && event.target.closest("[data-kept]");
    pressed = way && way === document.activeElement ? way.getAttribute("data-kept") : null;
  });
  document.addEventListener("focusin", function (event) {
    if (event.target.getAttribute("data-kept") !== pressed) { pressed = null; } // gone elsewhere
  });

  function keepFocus() {
    var again = pressed && document.querySelector('[data-kept="' + pressed + '"]');
    if (again && (!document.activeElement || document.activeElement === document.body)) {
      again.focus({ preventScroll: true });
    }
    var panel = choosing && document.querySelector("details.rtt-choices:not([open])");
    if (panel) {
      var read = readTo;
      panel.open = true;
      panel.querySelector(".rtt-choices__panel").scrollTop = read;
    }
    var control = touched && document.getElementById(touched);
    var lost = !document.activeElement || document.activeElement === document.body;
    if (!control || !lost) { return; }
    control.focus({ preventScroll: true });
  }

  /* Words to find rows of one table by: at most one table of a page is searched at a time. */
  function find(table, words, query) {
    var before = query.get("find") || "", now = words ? table + "." + words : "";
    if (before === now || (!words && before.indexOf(table + ".") !== 0)) { return; }
    if (now) { query.set("find", now); } else { query.delete("find"); }
    go(written(query), false);
  }

  window.dash_clientside.rtt = {
    choose: function (values, controls) {
      var query = new URLSearchParams(window.rttAsked());
      var changed = window.dash_clientside.callback_context.triggered
        .map(function (hit) { return JSON.parse(hit.prop_id.split(".value")[0]).name; });
      var told = window.rttToldTogether || []; // of a group of fields (native.js)
      var person = changed.length === 1 || (changed.length && changed.every(function (name) { return told.indexOf(name) >= 0; }));
      if (!person) { return nothing(); } // drawn by the server, not chosen by a person
      var chosen = false;
      controls.forEach(function (control, position) {
        if (changed.indexOf(control.name) < 0) { return; }
        var value = Array.isArray(values[position]) ? values[position].join(",") : values[position];
        value = value === "*" ? "" : value || "";
        if (/^find\./.test(control.name)) { find(control.name.slice(5), value, query); return; }
        if ((query.get(control.name) || "") === value) { return; }
        if (value) { query.set(control.name, value); } else { query.delete(control.name); }
        drop(control.name, query);
        chosen = true;
      });
      if (chosen) { go(written(query), false); }
      return nothing();
    },

    follow: function (clicks) {
      var context = window.dash_clientside.callback_context;
      var hit = context.triggered[0];
      var point = hit && hit.value && hit.value.points && hit.value.points[0];
      var way = point && (Array.isArray(point.customdata) ? point.customdata[point.customdata.length - 1] : point.customdata);
      if (typeof way === "string" && /^(\?|\/(?!\/))/.test(way)) { go(way, true); }
      return nothing();
    },

    settled: function (title, drawn) {
      if (!title || !drawn) { return nothing(); }
      document.title = title;
      shown = drawn;
      watch("filters", redrawn, { childList: true, subtree: true });
      watch("page", resized);
      watch("page", turned, { childList: true });
      unfold();
      window.rttTabs();
      filledIn = false;
      var moved = drawnPath !== null && (drawnPath !== drawn.path || (step !== "" && drawnScope !== scope()));
      drawnPath = drawn.path;
      drawnScope = scope();
      keepFocus();
      // After a change of page or of scope a reader starts at its top, not at the link that is gone; a changed
      // filter leaves everything where it is, and Back leads to where the earlier page was left.
      if (moved) {
        // Who has gone on to another control meanwhile keeps it.
        var main = document.getElementById("main"), now = document.activeElement;
        if (main && (!now || now === document.body || now === leftFrom || !now.isConnected)) { main.focus({ preventScroll: true }); }
        if (step !== "back") { window.scrollTo(0, 0); }
      }
      if (step === "back") { readOn(); }
      step = "";
      var found = Array.prototype.map.call(document.querySelectorAll(".rtt-rows-found__told, .rtt-rows-found__none"), function (told) { return told.textContent; });
      return [title.split(" - ")[0] + " updated"].concat(found.filter(Boolean)).join(". ");
    },

    /* A new load changes the version; only then is the page drawn again, with the address as it is. Not under
       a press, and not while a form of it is being filled in, which the drawing would empty. */
    refresh: function (ticks, drawn) {
      if (!ticks || !drawn || pointers || choosing) { return nothing(); }
      return fetch(withSample(window.rttRoot() + "version"), { cache: "no-store" })
        .then(function (answer) { return answer.json(); })
        .then(function (now) {
          if (now.version === drawn.version) { return nothing(); }
          if (!filledIn) { return now.version; }
          tell("Newer data is loaded. Reload the page to see it. You will lose anything you have typed.");
          return nothing();
        })
        .catch(nothing);
    }
  };
})();
