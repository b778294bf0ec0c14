// The admin token: asked for when the gateway wants one, kept in this tab and nowhere else.

const KEY = "lifeline.admin-token";

export class Tokens extends EventTarget {
    constructor(dialog) {
        super();
        this.dialog = dialog;
        this.asked = null;
        this.input = dialog.querySelector("#token-value");
        dialog.querySelector("#token-form").addEventListener("submit", (event) => this.take(event));
        dialog.querySelector("#token-cancel").addEventListener("click", () => dialog.close());
        dialog.addEventListener("close", () => this.answer());
    }

    get current() {
        return sessionStorage.getItem(KEY);
    }

    /** The headers that prove who asks. */
    headers() {
        return this.current ? { Authorization: `Bearer ${this.current}` } : {};
    }

    /** Asks the person; everybody who asks meanwhile gets the same answer: whether there is a token to try. */
    ask(why) {
        if (!this.asked) {
            this.asked = resolvers();
            this.given = false;
            this.dialog.querySelector("#token-why").textContent = why;
            this.input.value = "";
            this.dialog.showModal();
        }
        return this.asked.promise;
    }

    take(event) {
        event.preventDefault();
        sessionStorage.setItem(KEY, this.input.value.trim());
        this.given = true;
        this.dialog.close();
    }

    answer() {
        const { asked, given } = this;
        this.asked = null;
        this.input.value = "";
        asked?.resolve(given);
        if (given) {
            this.dispatchEvent(new Event("change"));
        }
    }
}

function resolvers() {
    const made = {};
    made.promise = new Promise((resolve) => {
        made.resolve = resolve;
    });
    return made;
}
