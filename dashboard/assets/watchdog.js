/* The wall screen. It asks for its figures every 15 seconds, says in words and shape how old they and its
   connection are, and takes them down when they are too old. It goes by the server's clock, never by the
   television's. The same file is the service worker that brings the page back after a restart without network. */
(function () {
  "use strict";
  var POLL = 15000, TIMEOUT = 5000, SILENT = 45000, HATCHED = 30 * 60000, RECENT = 60000;
  var PAGE = 30000, PAUSE = 5 * 60000, NIGHT_RELOAD = 3.5 * 3600000, RELOAD_APART = 10 * 60000;
  var MARKS = {"triangle-up": "\u25b2", "triangle-down": "\u25bc", "square": "\u25a0", "circle": "\u25cf", "diamond": "\u25c6"};

  if (typeof ServiceWorkerGlobalScope !== "undefined" && self instanceof ServiceWorkerGlobalScope) { work(); } else { watch(); }

  /* Said by our server alone: a proxy's own 403 or 404, while the server is away, closes no screen. */
  function saysClosed(answer) { return answer.headers.get("X-RTT-Screen") === "closed"; }

  function watch() {
    var body = document.body, address = window.location.pathname;
    var query = new URLSearchParams(window.location.search);
    var told = null;          // what the server said last
    var heardAt = null;       // when, by its own clock
    var heardHere = null;     // and by ours: performance.now(), or the television's clock after a restart
    var refused = false, asking = false;
    var survives = window.isSecureContext && navigator.serviceWorker ? null : false;  // null: not known yet
    var working = false;      // whether the worker stands behind this page
    var preview = body.getAttribute("data-preview") === "yes";  // in the form: it keeps nothing, and no worker
    var loadedAt = null, position = 0, turnedAt = 0, pausedAt = null, drawn = "";

    /* The page brings its sizes as data: its policy refuses a style attribute, but not a script that sets one. */
    ["least", "text", "figure"].forEach(function (size) {
      body.style.setProperty("--" + size, body.getAttribute("data-" + size) + "vw");
    });

    function element(id) { return document.getElementById(id); }
    function say(id, words) { if (element(id).textContent !== words) { element(id).textContent = words; } }

    /* --- time: the server's, carried on from when it was last heard --- */
    function now() { return heardAt === null ? Date.now() : heardAt + Math.max(0, performance.now() - heardHere); }
    function inLondon(moment, how) {
      how.timeZone = "Europe/London";
      return new Intl.DateTimeFormat("en-GB", how).format(moment);
    }
    function hhmm(moment) { return inLondon(moment, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"}); }
    function dayOf(moment) {
      return inLondon(moment, {year: "numeric", month: "2-digit", day: "2-digit"}).split("/").reverse().join("-");
    }
    function dayWords(day) {
      var at = new Date(day + "T12:00:00Z");
      return inLondon(at, {day: "numeric"}) + " " + inLondon(at, {month: "short"}).slice(0, 3);
    }
    function daysBetween(first, last) { return Math.round((Date.parse(last) - Date.parse(first)) / 86400000); }

    /* --- asking --- */
    function ask() {
      if (asking) { return; }
      asking = true;
      var stop = new AbortController(), limit = window.setTimeout(function () { stop.abort(); }, TIMEOUT);
      if (survives === null) { query.delete("survives"); } else { query.set("survives", survives ? "yes" : "no"); }
      window.fetch(address + "/data.json?" + query, {cache: "no-store", signal: stop.signal, headers: {Accept: "application/json"}})
        .then(function (answer) {
          if (saysClosed(answer)) { turnedAway(); }
          if (!answer.ok) { throw new Error("answer " + answer.status); }
          return answer.json();
        })
        .then(heard)
        .catch(function () { /* the silence itself is what is shown */ })
        .then(function () { window.clearTimeout(limit); asking = false; show(); });
    }
    function heard(answer) {
      told = answer;
      heardAt = answer.server_time;
      heardHere = performance.now();
      refused = false;
      if (loadedAt === null) { loadedAt = heardAt; }
      if (preview) { return; }
      try { localStorage.setItem(address, JSON.stringify({told: told, here: Date.now()})); } catch (full) { /* it then starts empty */ }
      keepPage();
      reloadIfDue();
    }
    /* The worker fills its cache when it begins, and whatever emptied it since, what passes it fills it again. */
    function keepPage() {
      if (!working) { return; }
      caches.open(address).then(function (kept) { return kept.keys(); }).then(function (held) {
        survives = held.length >= 3 || null;
        if (!survives) {
          [window.location.href, body.getAttribute("data-watchdog"), document.querySelector("link[rel=stylesheet]").href]
            .forEach(function (each) { window.fetch(each, {cache: "no-store"}).catch(function () { /* the next answer tries again */ }); });
        }
      });
    }
    function turnedAway() {
      refused = true;
      told = null;
      heardAt = heardHere = null;
      try { localStorage.removeItem(address); } catch (none) { /* nothing was kept */ }
      if (window.caches) { caches.delete(address); }
    }
    function remember() {
      if (preview) { return; }
      try {
        var kept = JSON.parse(localStorage.getItem(address) || "null");
        if (!kept) { return; }
        told = kept.told;
        heardAt = told.server_time;
        heardHere = performance.now() - Math.max(0, Date.now() - kept.here);
      } catch (unreadable) { told = heardAt = heardHere = null; }
    }

    /* Only right after an answer, so that what is asked for anew is there. */
    function reloadIfDue() {
      var night = dayOf(heardAt - NIGHT_RELOAD) !== dayOf(loadedAt - NIGHT_RELOAD);
      var other = told.code !== body.getAttribute("data-code");
      if (!night && !other) { return; }
      var last = Number(sessionStorage.getItem("reloaded") || 0);
      if (now() - heardAt > RECENT || heardAt - last < RELOAD_APART) { return; }
      sessionStorage.setItem("reloaded", String(heardAt));
      window.location.reload();
    }

    /* --- showing --- */
    function show() {
      var moment = now(), today = dayOf(moment), data = told && told.data;
      var silent = heardAt === null || moment - heardAt >= SILENT;
      /* Figures of a day to come are no fresher than those that are too old. */
      var ahead = data && today < data.census;
      var tooOld = data && (ahead || today > data.shown_until);
      var late = data && today > data.due;
      theme(moment);
      say("clock", inLondon(moment, {weekday: "short", day: "numeric", month: "short"}).replace(",", "") + "  " + hhmm(moment));
      if (refused) { state("closed", "\u25a0", "CLOSED: this screen\u2019s address is no longer in use"); }
      else if (silent && heardAt === null) { state("silent", "\u25b2", "NO CONNECTION yet"); }
      else if (silent) { state("silent", "\u25b2", "NO CONNECTION since " + hhmm(heardAt)); }
      else if (ahead) { state("late", "\u25a0", "DATED AFTER TODAY: " + dayWords(data.census)); }
      else if (late) { state("late", "\u25a0", "Late: " + ofWords(data) + ", the next was due " + dayWords(data.due)); }
      else if (data) { state("live", "\u25cf", "Up to date: " + ofWords(data)); }
      else { state("live", "\u25cf", "Connected"); }
      say("age", data ? ageWords(data, today, late) : "");
      body.classList.toggle("hatched", heardAt !== null && moment - heardAt >= HATCHED);
      turn(performance.now());
      draw(tooOld);
    }
    function state(kind, mark, words) {
      if (body.getAttribute("data-state") !== kind) { body.setAttribute("data-state", kind); }
      say("mark", mark);
      say("words", words);
    }
    function ofWords(data) { return (data.what || "data") + " of " + dayWords(data.census); }
    function ageWords(data, today, late) {
      var days = daysBetween(data.census, today);
      var age = days === 0 ? "today" : days === 1 ? "1 day old" : days + " days old";
      return data.kind + " of " + dayWords(data.census) + ", " + age + ", " + data.status +
        (late ? "; was due " : "; next due ") + dayWords(data.due);
    }
    function theme(moment) {
      var wanted = body.getAttribute("data-theme"), hour = Number(hhmm(moment).slice(0, 2));
      body.classList.toggle("night", wanted === "night" || (wanted === "time" && (hour >= 20 || hour < 7)));
    }
    /* By our own clock: it runs on whatever the server's says. */
    function turn(moment) {
      var pages = told ? told.pages.length : 0;
      if (pausedAt !== null && moment - pausedAt >= PAUSE) { pausedAt = null; }
      if (pausedAt === null && moment - turnedAt >= PAGE) { position = pages ? (position + 1) % pages : 0; turnedAt = moment; }
      if (position >= pages) { position = 0; }
      element("pause").hidden = pages < 2;
      say("position", pages < 2 ? "" : "Page " + (position + 1) + " of " + pages);
      say("pause", pausedAt === null ? "Pause" : "Resume");
    }
    function draw(tooOld) {
      var page = !tooOld && told && told.pages[position];
      var instead = refused ? "This screen was closed." : !told ? "Waiting for the first figures." :
        tooOld ? "The figures of " + dayWords(told.data.census) + " are " + (dayOf(now()) < told.data.census ? "dated after today" : "too old to show") + ". They come back when newer data is loaded." : told.instead;
      var wanted = JSON.stringify(page || instead);
      if (wanted === drawn) { return; }
      drawn = wanted;
      element("shown").replaceChildren.apply(element("shown"), page ? pageOf(page) : [made("p", "instead", instead)]);
    }
    function pageOf(page) {
      var parts = [made("div", "tiles", page.tiles.map(tileOf))], next = page.do_next || [];
      if (page.warning) { parts.push(made("p", "sentence", page.warning)); }
      if (next.length) {
        parts.push(made("section", "next", [
          made("h2", "", "Do next"),
          made("ol", "", next.map(function (line) { return made("li", "", line); }))
        ]));
      } else if (page.sentence) { parts.push(made("p", "sentence", page.sentence)); }
      return parts;
    }
    function tileOf(tile) {
      var parts = [made("h2", "", tile.name), made("p", tile.is_figure ? "figure" : "figure none", tile.figure)];
      if (tile.change) { parts.push(made("p", "change", tile.change)); }
      if (tile.signal) {
        parts.push(made("p", "signal", [made("span", "mark", MARKS[tile.mark] || ""), document.createTextNode(" " + tile.signal)]));
      }
      if (tile.note) { parts.push(made("p", "note", tile.note)); }
      parts.push(historyOf(tile));
      return made("section", "tile" + (tile.look ? " " + tile.look : ""), parts);
    }
    /* The line between the two ends of its scale, in numbers; the dashes are the standard, which is named. */
    function historyOf(tile) {
      if (!tile.high) { return made("div", "history", []); }
      return made("div", "history", [
        made("p", "ends", [made("span", "high", tile.high), made("span", "low", tile.low)]),
        made("div", "plot", [sparkOf(tile.spark, tile.standard), ...standardOf(tile)])
      ]);
    }
    /* Its name stands beside the dashes, on the side where the line is further away. */
    function standardOf(tile) {
      if (typeof tile.standard !== "number") { return []; }
      var known = tile.spark.filter(function (value) { return value !== null; });
      var above = known.filter(function (value) { return value > tile.standard; }).length > known.length / 2;
      return [made("p", above ? "standard-name below" : "standard-name", tile.standard_name)];
    }
    function made(kind, name, content) {
      var it = document.createElement(kind);
      if (name) { it.className = name; }
      if (typeof content === "string") { it.textContent = content; } else { it.append.apply(it, content); }
      return it;
    }
    /* A line broken where a census is missing; the newest point is marked. The scale holds the standard too. */
    function sparkOf(values, standard) {
      var space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
      svg.setAttribute("class", "spark");
      svg.setAttribute("viewBox", "0 0 100 20");
      svg.setAttribute("preserveAspectRatio", "none");
      svg.setAttribute("aria-hidden", "true");
      var known = values.filter(function (value) { return value !== null; });
      if (known.length < 2) { return svg; }
      var dashed = typeof standard === "number", all = dashed ? known.concat([standard]) : known;
      var low = Math.min.apply(null, all), span = Math.max.apply(null, all) - low || 1, path = "", open = false;
      var place = "";
      function height(value) { return (18 - 16 * (value - low) / span).toFixed(2); }
      values.forEach(function (value, at) {
        if (value === null) { open = false; return; }
        place = (1 + 98 * at / (values.length - 1)).toFixed(2) + " " + height(value);
        path += (open ? "L" : "M") + place;
        open = true;
      });
      // The dot is a line with round ends. It has a length: WebKit draws one without as an ellipse over the words.
      var lines = [["", path], ["newest", "M" + place + "h.01"]];
      if (dashed) { lines.unshift(["standard", "M0 " + height(standard) + "H100"]); }
      lines.forEach(function (each) {
        var line = document.createElementNS(space, "path");
        if (each[0]) { line.setAttribute("class", each[0]); }
        line.setAttribute("d", each[1]);
        svg.appendChild(line);
      });
      return svg;
    }

    /* --- beginning --- */
    element("pause").addEventListener("click", function () { pausedAt = pausedAt === null ? performance.now() : null; turnedAt = performance.now(); show(); });
    var still = null;
    document.addEventListener("pointermove", function () {
      body.classList.add("pointed");
      window.clearTimeout(still);
      still = window.setTimeout(function () { body.classList.remove("pointed"); }, 3000);
    });
    if (!preview && window.isSecureContext && navigator.serviceWorker) {
      navigator.serviceWorker.register(body.getAttribute("data-watchdog"), {scope: address})
        .then(function () { return navigator.serviceWorker.ready; })
        .then(function () { working = true; if (told && !refused) { keepPage(); } }, function () { /* told as not known */ });
    }
    remember();
    show();
    ask();
    window.setInterval(ask, POLL);
    window.setInterval(show, 1000);
    window.addEventListener("online", ask);
  }

  /* The worker keeps the page and its two files, and gives them when the server does not. Never the data. */
  function work() {
    var page = new URL(self.registration.scope).pathname, query = new URL(self.location.href).search;
    var assets = self.location.pathname.replace(/watchdog\.js$/, "");  // below the path that a proxy shows us at
    var OURS = [page, assets + "watchdog.js", assets + "screen.css"];
    self.addEventListener("install", function (event) {
      event.waitUntil(caches.open(page).then(function (kept) {
        return Promise.all(OURS.map(function (path) {
          return fetch(path + query, {cache: "no-store"}).then(function (answer) {
            if (!answer.ok) { throw new Error("answer " + answer.status); }
            return kept.put(path, answer);
          });
        }));
      }).then(function () { return self.skipWaiting(); }));
    });
    self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
    self.addEventListener("fetch", function (event) {
      var path = new URL(event.request.url).pathname;
      if (event.request.method === "GET" && OURS.indexOf(path) >= 0) { event.respondWith(newest(event.request, path)); }
    });
    function newest(request, path) {
      var got = null, late = new Promise(function (_, give) { setTimeout(give, TIMEOUT, new Error("late")); });
      return Promise.race([fetch(request), late]).then(function (answer) {
        if (saysClosed(answer)) { return caches.delete(page).then(function () { return answer; }); }
        got = answer;
        // A way to a sign-in is for whoever looks at the screen as a person.
        if (!answer.ok && answer.type !== "opaqueredirect") { throw new Error("answer " + answer.status); }
        if (answer.ok) {
          var copy = answer.clone();
          caches.open(page).then(function (kept) { return kept.put(path, copy); });
        }
        return answer;
      }).catch(function () {
        return caches.open(page).then(function (kept) { return kept.match(path); })
          .then(function (held) { return held || got || Response.error(); });
      });
    }
  }
})();
