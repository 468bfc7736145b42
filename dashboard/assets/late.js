/* Plotly, fetched beside the scripts that a page needs first. A chart waits for it: Dash takes a promise in the place
   of Plotly, and Plotly takes the promise's place when it is there. */
(function () {
  "use strict";
  var file = document.getElementById("plotly");
  window.Plotly = new Promise(function (done, failed) {
    var script = document.createElement("script");
    script.src = file.href;
    script.async = true;
    script.onload = function () { done(window.Plotly); };
    script.onerror = failed;
    document.head.appendChild(script);
  });
})();
