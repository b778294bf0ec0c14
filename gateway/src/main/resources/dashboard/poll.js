// Asking again and again, politely: one question at a time, and none while nobody looks.

export class Poll {
    constructor(millis, ask) {
        this.millis = millis;
        this.ask = ask;
        this.timer = null;
        this.running = false;
        document.addEventListener("visibilitychange", () => {
            if (this.running && !document.hidden) {
                this.now();
            }
        });
    }

    start() {
        this.running = true;
        this.now();
    }

    stop() {
        this.running = false;
        clearTimeout(this.timer);
    }

    /** Asks at once, and then in the usual time. */
    async now() {
        clearTimeout(this.timer);
        if (this.running && !document.hidden) {
            await this.ask();
            clearTimeout(this.timer);
            if (this.running) {
                this.timer = setTimeout(() => this.now(), this.millis);
            }
        }
    }
}
