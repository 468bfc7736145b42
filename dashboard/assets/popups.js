/* What folds in the frame around a page: on a narrow screen the navigation and the filters, each behind its
   button; and the menus of the frame, which stay open, with the focus in them, when the frame is drawn again. */
(function () {
  "use strict";

  /* On a narrow screen the pages and the filters fold, each behind its button. */
  function fold(button, open) {
    var folded = document.getElementById(button.getAttribute("data-fold"));
    button.setAttribute("aria-expanded", String(open));
    if (folded) { folded[open ? "setAttribute" : "removeAttribute"]("data-open", ""); }
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-fold]");
    if (button) { fold(button, button.getAttribute("aria-expanded") !== "true"); }
  });

  /* Every drawing makes the frame anew, its menus closed and nothing in it in focus. An answer that comes while a
     reader looks through a menu must not take it away. */
  var REGIONS = ["navigation", "status-line", "breadcrumb"];
  var opened = new Set(); // the menus that are open as far as the reader is concerned
  var held = null;        // what has the focus, as the reader sees it

  function regionOf(element) {
    return element.closest && element.closest(REGIONS.map(function (id) { return "#" + id; }).join(","));
  }

  function named(menu) {
    var region = regionOf(menu);
    return region.id + Array.prototype.indexOf.call(region.querySelectorAll("details"), menu);
  }

  document.addEventListener("toggle", function (event) {
    var menu = event.target;
    if (menu.nodeName === "DETAILS" && regionOf(menu)) { opened[menu.open ? "add" : "delete"](named(menu)); }
  }, true);
  document.addEventListener("focusin", function (event) {
    var region = regionOf(event.target);
    held = region ? { region: region, node: event.target.nodeName, words: event.target.textContent } : null;
  });
  // A press elsewhere lets go even where nothing can take the focus.
  document.addEventListener("pointerdown", function (event) { if (!regionOf(event.target)) { held = null; } });

  /* Who goes on to another page is done with the frame of this one (url.js). */
  window.rttLeaveFrame = function () {
    opened.clear();
    held = null;
    document.querySelectorAll("[data-fold=navigation]").forEach(function (button) { fold(button, false); });
  };

  function again() {
    REGIONS.forEach(function (id) {
      document.querySelectorAll("#" + id + " details:not([open])").forEach(function (menu) {
        if (opened.has(named(menu))) { menu.open = true; }
      });
    });
    if (!held || (document.activeElement && document.activeElement !== document.body)) { return; }
    var same = Array.prototype.filter.call(held.region.querySelectorAll(held.node), function (each) {
      return each.textContent === held.words;
    })[0];
    if (same) { same.focus({ preventScroll: true }); }
  }

  /* The regions stand as long as the page; what is in them is drawn anew. */
  var drawn = new MutationObserver(again);
  var wait = window.setInterval(function () {
    var regions = REGIONS.map(function (id) { return document.getElementById(id); });
    if (regions.indexOf(null) >= 0) { return; }
    window.clearInterval(wait);
    regions.forEach(function (region) { drawn.observe(region, { childList: true, subtree: true }); });
  }, 50);
})();
