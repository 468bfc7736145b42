/* While months or a sample are being loaded: how far it is, until it has ended and the page shows what came. */
(function () {
  "use strict";
  var EVERY = 2000;

  function tell(place, told) {
    if (!told || !place.isConnected) { return; }
    if (!told.words) { window.location.reload(); return; }
    var words = place.querySelector("[data-fetch-words]"), bar = place.querySelector("[data-fetch-bar]");
    if (words.textContent !== told.words) { words.textContent = told.words; }
    if (!bar) { return; }
    bar.value = 100 * told.share;
    place.querySelector("[data-fetch-loaded]").hidden = !told.newest;
  }

  function look() {
    if (document.hidden) { return; }
    document.querySelectorAll("[data-fetch]").forEach(function (place) {
      var address = window.rttRoot() + place.getAttribute("data-fetch").slice(1);
      window.fetch(address, { headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (told) { tell(place, told); })
        .catch(function () { /* the server is being started again: the next look asks it */ });
    });
  }
  window.setInterval(look, EVERY);
})();
