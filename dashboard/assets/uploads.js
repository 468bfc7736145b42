/* The file field of the status page. The file goes up as it is; the answer comes line by line as it is loaded. */
(function () {
  "use strict";
  var LOAD = "status/load";

  function made(tag, properties, children) {
    var element = document.createElement(tag);
    Object.keys(properties || {}).forEach(function (name) { element.setAttribute(name, properties[name]); });
    (children || []).forEach(function (child) { element.append(child); });
    return element;
  }

  function field(place) {
    var most = Number(place.dataset.upload) * 1000000;
    var own = false; // whether own data was loaded where the sample is shown
    var file = made("input", { type: "file", id: "upload-files", multiple: "", "aria-describedby": "upload-said" });
    var replace = made("input", { type: "checkbox", id: "upload-replace" });
    var button = made("button", { type: "submit", class: "rtt-button" }, ["Load"]);
    var bar = made("progress", { max: "100", "aria-label": "Loading", hidden: "" });
    var words = made("p", { id: "upload-words", role: "status" });
    var results = made("ul", { class: "rtt-results", "aria-live": "polite", "aria-label": "Results" });
    var form = made("form", { class: "rtt-upload" }, [
      made("label", { for: "upload-files", class: "rtt-label" }, ["Extracts to load"]),
      file,
      made("p", { id: "upload-said", class: "rtt-small" }, ["Choose one file or several; each is loaded separately."]),
      made("p", { class: "rtt-check" }, [replace, made("label", { for: "upload-replace" },
        ["Load a file even if it looks older, smaller or different from the one already loaded"])]),
      button, bar, words
    ]);
    place.append(form, results);

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var files = Array.from(file.files);
      if (!files.length) { words.textContent = "Choose a file first."; file.focus(); return; }
      button.disabled = true;
      results.replaceChildren();
      files.reduce(function (before, one, position) {
        return before.then(function () { return send(one, position + 1, files.length); });
      }, Promise.resolve()).then(function () {
        button.disabled = false;
        bar.hidden = true;
        words.textContent = own ? "Done. Your own data is loaded and will now be shown instead of the sample."
          : "Done. Choose Reload to update the tables below.";
        offer("data-show", own, "Show my data", function () { window.location.assign(window.rttRoot()); });
        offer("data-reload", !own, "Reload", function () { window.location.reload(); });
        form.reset();
      });
    });

    /* A button after Load, once; `wanted` false takes it away. */
    function offer(mark, wanted, name, act) {
      var there = form.querySelector("[" + mark + "]");
      if (there && !wanted) { there.remove(); }
      if (there || !wanted) { return; }
      var button = made("button", { type: "button", class: "rtt-button" }, [name]);
      button.setAttribute(mark, "");
      button.addEventListener("click", act);
      form.append(" ", button);
    }

    function say(name, number, of, text) {
      words.textContent = (of > 1 ? "File " + number + " of " + of + ", " : "") + name + ": " + text;
    }

    function told(state, line, problems) {
      var item = made("li", { class: "rtt-result rtt-result--" + state }, [made("strong", {}, [line])]);
      if (problems && problems.length) {
        item.append(made("ul", {}, problems.map(function (problem) { return made("li", {}, [problem]); })));
      }
      results.append(item);
    }

    function send(one, number, of) {
      return new Promise(function (done) {
        if (one.size > most) {
          told("refused", one.name + ": refused; it is larger than " + most / 1000000 + " MB, the limit for this page");
          done();
          return;
        }
        var request = new XMLHttpRequest();
        var read = 0;
        bar.hidden = false;
        request.open("POST", window.rttRoot() + LOAD);
        request.setRequestHeader("Content-Type", "application/octet-stream");
        request.setRequestHeader("X-File-Name", encodeURIComponent(one.name));
        request.setRequestHeader("X-Replace", replace.checked ? "yes" : "no");
        request.upload.onprogress = function (event) {
          bar.value = 50 * event.loaded / event.total;
          say(one.name, number, of, "sending, " + Math.round(100 * event.loaded / event.total) + "%");
        };
        function lines() {
          var text = request.responseText;
          for (var end = text.indexOf("\n", read); end >= 0; end = text.indexOf("\n", read)) {
            var line = JSON.parse(text.slice(read, end));
            read = end + 1;
            if (line.of) { bar.value = 50 + 50 * line.done / line.of; }
            if (line.own) { own = true; }
            if (line.words) { say(one.name, number, of, line.words); }
            if (line.line) { told(line.state, line.line, line.problems); }
          }
        }
        request.onprogress = function () { if (request.status === 200) { lines(); } };
        request.onload = function () {
          if (request.status === 200) { lines(); } else {
            var why = "the server answered " + request.status;
            try { why = JSON.parse(request.responseText).error || why; } catch (broken) { /* not ours */ }
            told("refused", one.name + ": refused; " + why);
          }
          done();
        };
        request.onerror = function () {
          told("refused", one.name + ": the connection was lost; nothing was loaded unless the list below says so");
          done();
        };
        request.send(one);
      });
    }
  }

  function look() {
    document.querySelectorAll("[data-upload]:empty").forEach(field);
  }
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
