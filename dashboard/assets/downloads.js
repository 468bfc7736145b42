/* What a reader takes from a card: its table as CSV, its chart as PNG or SVG with title, caption, scope and
   source printed into the picture, or as a chart that office programs can edit. Pictures are made here, in the
   reader's browser; nothing leaves it. */
(function () {
  "use strict";
  var WIDTH = 1000, SIDE = 28, LINE = 19, LETTERS = 128;

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-export]");
    var card = button && button.closest("[data-card]");
    if (!card) { return; }
    var format = button.getAttribute("data-export");
    if (format === "png" || format === "svg") { savePicture(card, format); } else { saveFile(card, format); }
  });

  function saveFile(card, format) {
    var query = new URLSearchParams(window.location.search);
    query.set("page", "/" + window.location.pathname.slice(window.rttRoot().length));
    query.set("card", card.getAttribute("data-card"));
    save(window.rttRoot() + "card." + format + "?" + query.toString().replace(/%2C/g, ","), "");
  }

  function save(address, name) {
    var anchor = document.createElement("a");
    anchor.href = address;
    anchor.setAttribute("download", name);
    document.body.appendChild(anchor);
    anchor.click();
    anchor.remove();
  }

  function savePicture(card, format) {
    var chart = card.querySelector(".js-plotly-plot");
    if (!chart || !window.Plotly) { return say("There is no chart to save"); }
    var figure = printed(card, chart);
    var size = { format: format, width: WIDTH, height: figure.layout.height, scale: format === "png" ? 2 : 1 };
    window.Plotly.toImage(figure, size).then(function (picture) {
      var address = URL.createObjectURL(blobOf(picture));
      save(address, fileName(card) + "." + format);
      window.setTimeout(function () { URL.revokeObjectURL(address); }, 60000);
      say(format.toUpperCase() + " saved");
    }).catch(function () { say("The picture could not be made"); });
  }

  /* The chart with the words that stand round it on the page. Nothing is added and nothing left out. */
  function printed(card, chart) {
    var title = wrapped(text(card.querySelector("h2")), 84);
    var words = [text(card.querySelector("figcaption"))].concat(filters());
    var foot = [].concat.apply([], words.filter(Boolean).map(function (line) { return wrapped(line, LETTERS); }));
    var layout = JSON.parse(JSON.stringify(chart.layout));
    var margin = layout.margin || {};
    var top = (margin.t || 12) + 14 + 26 * title.length, bottom = (margin.b || 44) + 18 + LINE * foot.length;
    var plot = 380;
    layout.width = WIDTH;
    layout.height = top + plot + bottom;
    layout.margin = { l: (margin.l || 56) + SIDE - 16, r: (margin.r || 16) + SIDE, t: top, b: bottom };
    layout.autosize = false;
    layout.annotations = (layout.annotations || []).concat([
      block(title, { y: 1, yanchor: "top", yshift: top - 12, size: 20, bold: true }),
      block(foot, { y: 0, yanchor: "top", yshift: -(margin.b || 44) - 8, size: 14, bold: false })
    ]);
    return { data: JSON.parse(JSON.stringify(chart.data)), layout: layout };
  }

  function block(lines, place) {
    var words = lines.map(escaped).join("<br>");
    return {
      text: place.bold ? "<b>" + words + "</b>" : words, showarrow: false, align: "left", xref: "paper", yref: "paper",
      x: 0, xanchor: "left", xshift: -40, y: place.y, yanchor: place.yanchor, yshift: place.yshift,
      font: { size: place.size, color: "#212b32" }
    };
  }

  /* Scope, data and source, as they stand at the head and foot of the page. */
  function filters() {
    var scope = text(document.querySelector("#main h1"));
    var status = Array.prototype.map.call(document.querySelectorAll(".rtt-status li"), text).join("; ");
    var chosen = Array.prototype.map.call(document.querySelectorAll(".rtt-pick"), function (chip) {
      var menu = chip.querySelector("select"), summary = chip.querySelector("summary"), name = text(chip.querySelector(".rtt-label"));
      return name + ": " + (menu ? text(menu.options[menu.selectedIndex]) : text(summary).slice(name.length));
    }).join("; ");
    var sample = text(document.querySelector(".rtt-sample"));
    // The licence stands in the foot where published figures are shown; the other lines there are links.
    var foot = Array.prototype.filter.call(document.querySelectorAll(".rtt-footer p"), function (line) { return !line.querySelector("a"); });
    return [scope, chosen, status, sample].concat(foot.map(text));
  }

  function text(element) { return element ? element.textContent.replace(/\s+/g, " ").trim() : ""; }

  /* Plotly reads a few tags in its texts; what people and files wrote is text. */
  function escaped(words) { return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"); }

  function wrapped(words, letters) {
    return words.split(" ").reduce(function (lines, word) {
      var last = lines[lines.length - 1];
      if (last && last.length + word.length < letters) { lines[lines.length - 1] = last + " " + word; } else { lines.push(word); }
      return lines;
    }, []);
  }

  function blobOf(address) {
    var comma = address.indexOf(","), head = address.slice(5, comma), body = address.slice(comma + 1);
    if (!/;base64$/.test(head)) { return new Blob([decodeURIComponent(body)], { type: head }); }
    var bytes = window.atob(body), numbers = new Uint8Array(bytes.length);
    for (var at = 0; at < bytes.length; at += 1) { numbers[at] = bytes.charCodeAt(at); }
    return new Blob([numbers], { type: head.replace(";base64", "") });
  }

  function fileName(card) {
    var words = document.title.split(" - ")[0] + " " + card.getAttribute("data-card");
    return words.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  }

  function say(words) {
    var live = document.getElementById("announce");
    if (live) { live.textContent = words; }
  }
})();
