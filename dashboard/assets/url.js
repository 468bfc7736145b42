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
  }

  var wanted = null; // how far to scroll once the page of an earlier entry stands again

  function readOn() {
    if (wanted === null) { return; }
    window.scrollTo(0, wanted);
    if (Math.abs(window.scrollY - wanted) < 2) { wanted = null; }
  }

  window.addEventListener("popstate", function (event) {
    step = "back";
    wanted = event.state && typeof event.state.read === "number" ? event.state.read : null;
  });
  ["wheel", "touchmove", "keydown", "pointerdown"].forEach(function (kind) {
    document.addEventListener(kind, function () { wanted = null; }, { passive: true });
  });

  function go(query, adds) {
    var address = window.location.pathname + (query ? "?" + query : "");
    if (adds) { leave(); } else { step = ""; }
    window.history[adds ? "pushState" : "replaceState"]({}, "", address);
    // dcc.Location listens to this event, as it does to its own links.
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) { return; }
    var said = button.textContent;
    var done = navigator.clipboard ? navigator.clipboard.writeText(window.location.href) : Promise.reject();
    done.then(function () { return "Link copied"; }, function () { return "Copy it from the address bar"; })
      .then(function (words) {
        var live = document.getElementById("announce");
        if (live) { live.textContent = words; }
        button.textContent = words;
        window.setTimeout(function () { button.textContent = said; }, 3000);
      });
  });

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
    // Reset is a change of filters, not a step.
    if (anchor.hasAttribute("data-replace")) { step = ""; } else { leave(); }
    window.history[anchor.hasAttribute("data-replace") ? "replaceState" : "pushState"]({}, "", to.pathname + to.search + to.hash);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  });

  /* "All specialties" empties the boxes beside it. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-clear]");
    if (!button) { return; }
    var query = new URLSearchParams(window.location.search);
    query.delete(button.getAttribute("data-clear"));
    drop(button.getAttribute("data-clear"), query);
    go(written(query), false);
  });

  /* A panel of boxes closes like a menu: by Escape, or by going elsewhere. */
  function openPanel() { return document.querySelector("details.rtt-choices[open]"); }
  document.addEventListener("keydown", function (event) {
    var panel = event.key === "Escape" && openPanel();
    if (panel) { panel.open = false; panel.querySelector("summary").focus(); }
  });
  ["pointerdown", "focusin"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var panel = openPanel();
      if (panel && event.target !== document.body && !panel.contains(event.target)) { panel.open = false; }
    });
  });

  /* A choice that another choice no longer allows is dropped: the new level has other organisations. */
  var DROPS = {
    source: ["level", "org", "site", "pathway", "priority", "census", "compare", "group", "peers"],
    level: ["org", "group", "kind"], kind: ["org"], org: ["site", "group"]
  };

  function drop(name, query) {
    query.delete("page"); // of another list
    // A group of trusts stands in the place of an organisation, one of specialties in that of the boxes.
    var ofSpecialties = / \(specialties\)$/.test(groupShown());
    (DROPS[name] || []).forEach(function (other) { query.delete(other); });
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

  document.addEventListener("focusin", function (event) {
    if (event.target.id !== touched) { touched = null; } // gone elsewhere
  });

  /* The controls are drawn anew some time after the figures: whenever that is, the focus goes back. */
  function watch(id, observer, options) {
    var element = document.getElementById(id);
    if (element && !element.rttWatched) { element.rttWatched = true; observer.observe(element, options); }
  }
  var redrawn = new MutationObserver(keepFocus);
  var resized = new ResizeObserver(readOn);

  function scope() {
    var query = new URLSearchParams(window.location.search);
    return ["level", "org", "tf"].map(function (name) { return query.get(name) || ""; }).join(" ");
  }

  function keepFocus() {
    var control = touched && document.getElementById(touched);
    var lost = !document.activeElement || document.activeElement === document.body;
    if (!control || !lost) { return; }
    var panel = control.closest("details.rtt-choices");
    if (panel) { panel.open = true; }
    control.focus({ preventScroll: true });
  }

  window.dash_clientside.rtt = {
    choose: function (values, controls) {
      var query = new URLSearchParams(window.location.search);
      var changed = window.dash_clientside.callback_context.triggered
        .map(function (hit) { return JSON.parse(hit.prop_id.split(".value")[0]).name; });
      if (changed.length !== 1) { return nothing(); } // drawn by the server, not chosen by a person
      controls.forEach(function (control, position) {
        if (control.name !== changed[0]) { return; }
        var value = Array.isArray(values[position]) ? values[position].join(",") : values[position];
        value = value === "*" ? "" : value || "";
        if ((query.get(control.name) || "") === value) { return; }
        if (value) { query.set(control.name, value); } else { query.delete(control.name); }
        drop(control.name, query);
        touched = document.activeElement && document.activeElement.id;
        go(written(query), false);
      });
      return nothing();
    },

    follow: function (clicks) {
      var context = window.dash_clientside.callback_context;
      var hit = context.triggered[0];
      var point = hit && hit.value && hit.value.points && hit.value.points[0];
      var way = point && (Array.isArray(point.customdata) ? point.customdata[point.customdata.length - 1] : point.customdata);
      if (typeof way === "string" && way.charAt(0) === "?") { go(way.slice(1), true); }
      return nothing();
    },

    settled: function (title, drawn) {
      if (!title || !drawn) { return nothing(); }
      document.title = title;
      watch("filters", redrawn, { childList: true, subtree: true });
      watch("page", resized);
      var moved = drawnPath !== null && (drawnPath !== drawn.path || (step !== "" && drawnScope !== scope()));
      drawnPath = drawn.path;
      drawnScope = scope();
      keepFocus();
      // After a change of page or of scope a reader starts at its top, not at the link that is gone; a changed
      // filter leaves everything where it is, and Back leads to where the earlier page was left.
      if (moved) {
        var main = document.getElementById("main");
        if (main) { main.focus({ preventScroll: true }); }
        if (step !== "back") { window.scrollTo(0, 0); }
      }
      if (step === "back") { readOn(); }
      step = "";
      return title.split(" - ")[0] + " updated";
    },

    /* A new load changes the version; only then is the page drawn again, with the address as it is. */
    refresh: function (ticks, drawn) {
      if (!ticks || !drawn) { return nothing(); }
      return fetch(window.rttRoot() + "version", { cache: "no-store" })
        .then(function (answer) { return answer.json(); })
        .then(function (now) { return now.version === drawn.version ? nothing() : now.version; })
        .catch(nothing);
    }
  };
})();
