/* Two of Dash's scripts were compiled for browsers without generators and ask its polyfill, which is not sent,
   for the one thing below: to go through the steps of a function that waits. They use no more of it
   (tests/dashboard/callbacks/test_first_load.py looks). */
(function () {
  "use strict";
  function wrap(steps) {
    var at = { prev: 0, next: 0, done: false, stop: function () { at.done = true; } };
    return {
      next: function (sent) {
        at.sent = sent;
        var value = steps(at);
        return { value: value, done: at.done };
      },
      "throw": function (error) {
        at.done = true;
        throw error;
      }
    };
  }
  window.regeneratorRuntime = { mark: function (made) { return made; }, wrap: wrap };
})();
