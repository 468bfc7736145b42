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

  function within(element, ids) {
    return element.closest && element.closest(ids.map(function (id) { return "#" + id; }).join(","));
  }
  function regionOf(element) { return within(element, REGIONS); }

  function named(menu) {
    var region = regionOf(menu);
    return region.id + Array.prototype.indexOf.call(region.querySelectorAll("details"), menu);
  }

  document.addEventListener("toggle", function (event) {
    var menu = event.target;
    if (menu.nodeName === "DETAILS" && regionOf(menu)) { opened[menu.open ? "add" : "delete"](named(menu)); }
  }, true);
  // In the page too: whoever has gone on to the next field or heading stays there.
  var KEPT = REGIONS.concat("page");
  document.addEventListener("focusin", function (event) {
    var at = event.target, region = within(at, KEPT);
    held = region ? { region: region, node: at.nodeName, words: at.textContent, id: at.id, name: at.name } : null;
  });
  // A press elsewhere lets go even where nothing can take the focus.
  document.addEventListener("pointerdown", function (event) {
    var at = event.target, takes = at.closest && at.closest("a, button, input, select, textarea, summary, label");
    if (!within(at, KEPT) || !(regionOf(at) || takes)) { held = null; }
  });

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
    refocus();
  }

  function refocus() {
    if (!held || (document.activeElement && document.activeElement !== document.body)) { return; }
    var same = Array.prototype.filter.call(held.region.querySelectorAll(held.node), function (each) {
      return each.textContent === held.words && each.id === held.id && each.name === held.name;
    })[0];
    if (same) { same.focus({ preventScroll: true }); }
  }

  /* The regions stand as long as the page; what is in them is drawn anew. */
  var drawn = new MutationObserver(again), drawnPage = new MutationObserver(refocus);
  var wait = window.setInterval(function () {
    var regions = REGIONS.map(function (id) { return document.getElementById(id); });
    var page = document.getElementById("page");
    if (regions.indexOf(null) >= 0 || !page) { return; }
    window.clearInterval(wait);
    regions.forEach(function (region) { drawn.observe(region, { childList: true, subtree: true }); });
    drawnPage.observe(page, { childList: true, subtree: true });
  }, 50);
})();
