// Before the first paint, hence no module: the colours the reader chose, or those of the system.
(() => {
    const KEY = "lifeline.theme";
    const known = ["auto", "light", "dark"];

    function stored() {
        try {
            const theme = localStorage.getItem(KEY);
            return known.includes(theme) ? theme : "auto";
        } catch {
            return "auto"; // a browser that keeps nothing
        }
    }

    function apply(theme) {
        document.documentElement.dataset.theme = theme;
    }

    function choose(theme) {
        apply(theme);
        try {
            localStorage.setItem(KEY, theme);
        } catch {
            // It holds for this page, then.
        }
    }

    apply(stored());
    document.addEventListener("DOMContentLoaded", () => {
        for (const radio of document.querySelectorAll("#theme input")) {
            radio.checked = radio.value === stored();
            radio.addEventListener("change", () => choose(radio.value));
        }
    });
})();
