/* A session that ended while a page was open: said at its foot, and nothing on the page is touched until its
   reader has signed in again in another tab. What they wrote stays where it is. */
(function () {
  "use strict";
  var ask = window.fetch, bar = null;
  var wrote = null; // the field that a reader wrote in last

  window.fetch = function () {
    return ask.apply(window, arguments).then(function (answer) {
      var way = answer.status === 401 && answer.headers.get("X-RTT-Sign-In");
      if (way) { say(way); }
      return answer;
    });
  };

  function made(tag, words, names) {
    var it = document.createElement(tag);
    it.textContent = words;
    Object.keys(names || {}).forEach(function (name) { it.setAttribute(name, names[name]); });
    return it;
  }

  function say(way) {
    if (bar) { return; }
    bar = made("div", "", { "class": "rtt-ended", role: "alert" });
    bar.append(
      made("strong", "Your session has ended. "), "What you wrote is still here. ",
      made("a", "Sign in again (opens a new tab)", { href: way, target: "_blank", rel: "noopener" })
    );
    document.body.append(bar);
  }

  document.addEventListener("input", function (event) {
    if (event.target.closest("#page form")) { wrote = event.target; }
  });

  /* Whether a form holds what its reader wrote: to draw the page anew would lose it. */
  function holdsWords() { return Boolean(wrote && wrote.isConnected && wrote.value); }

  function look() {
    if (!bar || document.hidden) { return; }
    ask(window.rttRoot() + "version", { headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok || !bar) { return; }
      if (!holdsWords()) { window.location.reload(); return; }
      bar.replaceChildren(made("strong", "You are signed in again. "), "Go on where you were.");
      window.setTimeout(function () { if (bar) { bar.remove(); bar = null; } }, 6000);
    }, function () { /* the next look asks again */ });
  }
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
})();
