/* A browser's own controls for Dash (dashboard/layouts/frame/native.py): what is chosen is `value`. */
(function () {
  "use strict";
  var h = window.React.createElement;
  var OURS = ["options", "value", "setProps", "debounce", "loading_state"];

  /* What is passed on to the element as it is. */
  function passed(props) {
    var kept = {};
    Object.keys(props).forEach(function (name) {
      if (OURS.indexOf(name) < 0 && !/^_?dash/i.test(name) && name !== "children") { kept[name] = props[name]; }
    });
    return kept;
  }

  /* What a person chooses stands at once; what the server draws anew replaces it. */
  function useValue(given) {
    var state = window.React.useState(given);
    window.React.useEffect(function () { state[1](given); }, [JSON.stringify(given)]);
    return state;
  }

  function Select(props) {
    var state = useValue(props.value);
    return h("select", Object.assign(passed(props), {
      value: state[0] === undefined ? undefined : state[0],
      onChange: function (event) { state[1](event.target.value); props.setProps({ value: event.target.value }); }
    }), (props.options || []).map(function (each) {
      return h("option", { key: each.value, value: each.value, disabled: each.disabled }, each.label);
    }));
  }

  function Checklist(props) {
    var state = useValue(props.value || []), rest = passed(props);
    delete rest.name;
    return h("div", rest, (props.options || []).map(function (each) {
      var id = (props.id || props.name) + "-" + each.value, ticked = state[0].indexOf(each.value) >= 0;
      function turn() {
        var now = ticked ? state[0].filter(function (one) { return one !== each.value; }) : state[0].concat([each.value]);
        state[1](now);
        props.setProps({ value: now });
      }
      return h("div", { key: each.value, className: "form-check" },
        h("input", { type: "checkbox", id: id, name: props.name, value: each.value, checked: ticked, onChange: turn }),
        h("label", { htmlFor: id }, each.label));
    }));
  }

  /* Who goes on from field to field of one group has not finished asking: an answer in between would draw the
     field anew that they are typing in. What was changed is told when the group is left, or at Enter. */
  var waiting = [];
  function tellAll() {
    var all = waiting.splice(0);
    // What comes at once from several fields is otherwise what the server drew (url.js).
    window.rttToldTogether = all.map(function (each) { return each.name; });
    all.forEach(function (each) { each.tell(); });
  }
  function goesOn(event) {
    var group = event.target.closest("[data-together]"), to = event.relatedTarget;
    return Boolean(group && to && to.nodeName === "INPUT" && group.contains(to));
  }

  function Input(props) {
    var state = useValue(props.value === undefined || props.value === null ? "" : props.value);
    function tell(value) {
      props.setProps({ value: props.type === "number" && value !== "" ? Number(value) : value });
    }
    function left(event, on) {
      var value = event.target.value;
      if (!props.debounce) { return; }
      waiting.push({ name: /^{/.test(props.id) ? JSON.parse(props.id).name : "", tell: function () { tell(value); } });
      if (!on) { tellAll(); }
    }
    return h("input", Object.assign(passed(props), {
      value: props.type === "file" ? undefined : state[0], // a file is chosen by a person alone
      onChange: function (event) { state[1](event.target.value); if (!props.debounce) { tell(event.target.value); } },
      onBlur: function (event) { left(event, goesOn(event)); },
      onKeyDown: function (event) { if (event.key === "Enter") { left(event, false); } }
    }));
  }

  window.rtt_native = { Select: Select, Checklist: Checklist, Input: Input };
})();
