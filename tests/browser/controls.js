/* In the page under test: which controls it has, where to press each, and what a press changed. */
(() => {
    const WANTED = "a[href], button, summary, select, textarea, input:not([type=hidden]), [role=button], [onclick]";
    const MARKS = ["data-copy", "data-export", "data-clear", "data-replace", "data-own"];
    const text = element => (element ? element.textContent.trim() : "");
    const cardOf = element => element.closest("[data-card]")?.dataset.card || "";

    /* What controls that differ in nothing but their words have in common. */
    function kindOf(each) {
        const way = [];
        for (let it = each; it && it.id !== "react-entry-point" && it !== document.body; it = it.parentElement) {
            way.unshift(it.tagName);
        }
        const card = each.closest(".rtt-card__links") ? "" : cardOf(each);
        return [way.join(" "), card, each.type, ...MARKS.map(mark => each.getAttribute(mark))].join("|");
    }

    function read() {
        unfold();
        window.controls = [...document.querySelectorAll(WANTED)].filter(each => !each.closest(".js-plotly-plot"));
        return window.controls.map((each, number) => ({
            number, kind: kindOf(each), tag: each.tagName.toLowerCase(), type: each.type || "",
            frame: !each.closest("main"),
            name: (each.getAttribute("aria-label") || text(each) || each.name || "").slice(0, 60),
            href: each.getAttribute("href") || "", disabled: !!each.disabled,
            options: each.tagName === "SELECT" ? [...each.options].map(one => !one.disabled) : [],
            lastChosen: each.tagName === "SELECT" && each.selectedIndex === each.options.length - 1,
            // What takes a choice away can be seen to work only where there is one.
            clears: each.matches("[data-clear], [data-replace]"),
            writes: each.matches("select, textarea, input:not([type=checkbox]):not([type=radio])"),
            // The first tab of a card is open; what it does is seen where another is.
            firstTabOf: each.matches("[role=tab][data-tab='']") ? cardOf(each) : "",
            skips: each.classList.contains("nhsuk-skip-link"),
            // Where the line has room for what it folds it is not there.
            folds: each.classList.contains("rtt-fold") && !each.getClientRects().length,
        }));
    }

    /* Every tab's panel stands open, so that what is in it can be pressed. */
    function unfold() {
        document.querySelectorAll("main details:not(.rtt-popup)").forEach(each => { each.open = true; });
        document.querySelectorAll("main [role=tabpanel]").forEach(each => { each.hidden = false; });
    }

    /* The browser takes some time to fill the screen and to leave it, and the chart to take its size: a press
       meanwhile meets the wrong thing. */
    async function leaveFullScreen() {
        const card = document.querySelector(".rtt-card--larger");
        if (!card) { return; }
        const height = what => card.querySelector(what).getBoundingClientRect().height;
        const until = async condition => { while (!condition()) { await new Promise(requestAnimationFrame); } };
        await until(() => document.fullscreenElement);
        card.querySelector("[data-larger]").click();
        await until(() => !document.fullscreenElement && height(".main-svg") <= height(".rtt-chart") + 1);
    }

    /* The page as it was, at this address; then where to press, and whether a press there would meet the control. */
    async function place(number, address, focus) {
        history.replaceState({}, "", address);
        document.querySelector(".rtt-told")?.remove();
        // What was said of the press before must not hide that the same is said again.
        for (const id of ["announce", "upload-words"]) { document.getElementById(id)?.replaceChildren(); }
        await leaveFullScreen();
        document.activeElement.blur();
        unfold();
        const control = window.controls[number], panel = control.closest("details.rtt-popup");
        document.querySelectorAll("details.rtt-popup").forEach(each => {
            each.open = each === panel && control.tagName !== "SUMMARY";
        });
        // The list under Find a place opens while the field has the focus.
        const places = document.querySelector(".rtt-find__popup");
        if (places) { places.hidden = !places.contains(control); }
        // Of a box its words: a press on those is what most people do, and what once ended the tab.
        const part = control.type === "checkbox" && control.labels[0] && !focus ? control.labels[0] : control;
        if (focus) { control.focus({preventScroll: true}); }
        part.scrollIntoView({block: "center", inline: "center"});
        const box = part.getClientRects()[0];
        if (!box) { return {meets: false, why: "it is not seen"}; }
        const x = box.left + Math.min(box.width / 2, 60), y = box.top + box.height / 2;
        const met = document.elementFromPoint(x, y);
        const focused = !focus || document.activeElement === control;
        const over = `${met ? met.outerHTML.slice(0, 120) : "nothing"} lies over it`;
        window.before = state(number);
        return {x, y, meets: focused && (focus || part.contains(met)), why: focused ? over : "no focus"};
    }

    function state(number) {
        const control = window.controls[number], details = control.closest("details");
        const said = document.getElementById("announce");
        return JSON.stringify([
            location.pathname + location.search + location.hash, control.checked, control.getAttribute("aria-expanded"), details && details.open,
            control.matches("select, textarea, input") ? [control.value, document.activeElement === control] : "",
            text(document.querySelector(".rtt-told")), text(said), text(document.getElementById("upload-words")),
            !!document.querySelector(".rtt-card--larger"),
            control.form && document.activeElement !== control && document.activeElement.matches(":invalid"),
        ]);
    }

    /* What is different after at most so many milliseconds; "" where nothing is. */
    async function effect(number, patience) {
        for (const until = performance.now() + patience; performance.now() < until;) {
            const now = state(number);
            if (now !== window.before) { return now; }
            await new Promise(next => { setTimeout(next, 10); });
        }
        return "";
    }

    /* Where each point of a chart that leads somewhere is pressed: bars at their foot, which the smallest has too. */
    function points() {
        return [...document.querySelectorAll(".js-plotly-plot")].flatMap((plot, number) => {
            const {xaxis, yaxis} = plot._fullLayout;
            const links = new Set([...plot.closest("[data-card]").querySelectorAll("table a")].map(a => a.getAttribute("href")));
            return plot._fullData.flatMap((trace, at) => (trace.customdata || []).flatMap((href, point) => {
                const x = trace.x[point], y = trace.y[point], width = trace.width || 0;
                if (typeof href !== "string" || !href || x == null || y == null) { return []; }
                const middle = (trace.offset === undefined ? -width / 2 : trace.offset) + width / 2;
                const foot = axis => axis.l2p(Math.max(0, axis.range[0]));
                const [px, py] = trace.type !== "bar" ? [xaxis.d2p(x), yaxis.d2p(y)]
                    : trace.orientation === "h" ? [foot(xaxis) + 2, yaxis.l2p(y + middle)] : [xaxis.d2p(x), foot(yaxis) - 2];
                return [{plot: number, trace: at, href, px, py, card: cardOf(plot), inTable: links.has(href)}];
            }));
        });
    }

    window.trial = {read, place, effect, points};
})();
