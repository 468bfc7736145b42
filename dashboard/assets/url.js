/* The address bar is the state. These few functions keep it true; the server draws what it says. */
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  var nothing = function () { return window.dash_clientside.no_update; };

  function go(query, adds) {
    var address = window.location.pathname + (query ? "?" + query : "");
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
    if (!/^(\?|\/(?!\/|api\/|assets\/))/.test(way)) { return; }
    event.preventDefault();
    var to = new URL(way === "?" ? window.location.pathname : way, window.location.href);
    window.history.pushState({}, "", to.pathname + to.search + to.hash);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  });

  /* A choice that another choice no longer allows is dropped: the new level has other organisations. */
  var DROPS = { source: ["level", "org", "site", "pathway", "priority", "census", "group"], level: ["org", "group"], org: ["site"] };

  var drawnPath = null;

  window.dash_clientside.rtt = {
    choose: function (values, controls) {
      var query = new URLSearchParams(window.location.search);
      var changed = window.dash_clientside.callback_context.triggered
        .map(function (hit) { return JSON.parse(hit.prop_id.split(".value")[0]).name; });
      if (changed.length !== 1) { return nothing(); } // drawn by the server, not chosen by a person
      controls.forEach(function (control, position) {
        if (control.name !== changed[0]) { return; }
        var value = values[position] === "*" ? "" : values[position] || "";
        if ((query.get(control.name) || "") === value) { return; }
        if (value) { query.set(control.name, value); } else { query.delete(control.name); }
        (DROPS[control.name] || []).forEach(function (name) { query.delete(name); });
        go(query.toString().replace(/%2C/g, ","), false);
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
      var moved = drawnPath !== null && drawnPath !== drawn.path;
      drawnPath = drawn.path;
      // After a change of page a screen reader starts at the new page, not at the link that is gone.
      if (moved) { var main = document.getElementById("main"); if (main) { main.focus({ preventScroll: true }); window.scrollTo(0, 0); } }
      return title.split(" - ")[0] + " updated";
    },

    /* A new load changes the version; only then is the page drawn again, with the address as it is. */
    refresh: function (ticks, drawn) {
      if (!ticks || !drawn) { return nothing(); }
      return fetch("/version", { cache: "no-store" })
        .then(function (answer) { return answer.json(); })
        .then(function (now) { return now.version === drawn.version ? nothing() : now.version; })
        .catch(nothing);
    }
  };
})();
