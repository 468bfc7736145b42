/* While NHS England's months are being loaded: how far it is, until it has ended and the page shows what came. */
(function () {
  "use strict";
  var EVERY = 2000;

  function look() {
    var place = document.querySelector("[data-fetch]");
    if (!place || document.hidden) { return; }
    window.fetch(window.rttRoot() + "status/fetch.json", { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (told) {
        if (!told || !place.isConnected) { return; }
        if (!told.running) { window.location.reload(); return; }
        var words = place.querySelector("[data-fetch-words]");
        if (words.textContent !== told.words) { words.textContent = told.words; }
        place.querySelector("[data-fetch-bar]").value = 100 * told.share;
        place.querySelector("[data-fetch-loaded]").hidden = !told.newest;
      })
      .catch(function () { /* the server is being started again: the next look asks it */ });
  }
  window.setInterval(look, EVERY);
})();
