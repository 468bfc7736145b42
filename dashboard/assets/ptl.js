/* The patient list by keyboard, as mail clients have it: j and k move, Enter or o opens, ? tells the keys.
   Rows are links in any case; without this script Tab and Enter do the same. */
(function () {
  "use strict";
  var kept = null; // the link that had the focus last, by a name that a new drawing gives again

  function list() { return document.querySelector(".rtt-patients"); }
  function rows() { return Array.prototype.slice.call(document.querySelectorAll(".rtt-worklist [data-row]")); }

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|OPTION)$/.test(target.nodeName);
  }

  function move(by) {
    var links = rows(), at = links.indexOf(document.activeElement);
    // Nobody has moved yet: j starts at the row that was left, or at the first.
    if (at < 0) {
      at = links.findIndex(function (each) { return each.getAttribute("data-keep") === kept; });
      if (at < 0) { at = by > 0 ? -1 : links.length; }
    }
    var to = links[Math.min(Math.max(at + by, 0), links.length - 1)];
    if (to) { to.focus({ preventScroll: true }); to.scrollIntoView({ block: "nearest" }); }
  }

  function help() {
    var keys = document.querySelector("[data-tool=keys]");
    if (!keys) { return; }
    keys.open = !keys.open;
    if (keys.open) { keys.querySelector("summary").focus(); }
  }

  document.addEventListener("keydown", function (event) {
    var page = list();
    if (!page || page.getAttribute("data-keys") !== "on" || event.defaultPrevented || typing(event.target)) { return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    var link = document.activeElement && document.activeElement.matches("[data-row]") ? document.activeElement : null;
    if (event.key === "j") { move(1); }
    else if (event.key === "k") { move(-1); }
    else if (event.key === "o" && link) { link.click(); }
    else if (event.key === "?") { help(); }
    else { return; }
    event.preventDefault();
  });

  /* Sorting, narrowing and opening draw the page anew; the link that was used keeps the focus. */
  document.addEventListener("focusin", function (event) {
    var link = event.target.closest && event.target.closest("[data-keep]");
    kept = link ? link.getAttribute("data-keep") : null;
  });
  new MutationObserver(function () {
    var lost = !document.activeElement || document.activeElement === document.body;
    var link = kept && lost && document.querySelector('.rtt-patients [data-keep="' + kept + '"]');
    if (link) { link.focus({ preventScroll: true }); }
  }).observe(document, { childList: true, subtree: true });
})();
