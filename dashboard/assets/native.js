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

  function Input(props) {
    var state = useValue(props.value === undefined || props.value === null ? "" : props.value);
    function tell(value) {
      props.setProps({ value: props.type === "number" && value !== "" ? Number(value) : value });
    }
    return h("input", Object.assign(passed(props), {
      value: props.type === "file" ? undefined : state[0], // a file is chosen by a person alone
      onChange: function (event) { state[1](event.target.value); if (!props.debounce) { tell(event.target.value); } },
      onBlur: function (event) { if (props.debounce) { tell(event.target.value); } },
      onKeyDown: function (event) { if (props.debounce && event.key === "Enter") { tell(event.target.value); } }
    }));
  }

  window.rtt_native = { Select: Select, Checklist: Checklist, Input: Input };
})();
