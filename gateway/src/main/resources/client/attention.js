// What a page tells about itself: that the network is back, that somebody looks at it again. Nothing tells it in Node.

/** Calls back until the function it returns is called. */
export function attend({ online, visible }, surroundings = globalThis) {
    const page = surroundings.document;
    if (typeof surroundings.addEventListener !== "function") {
        return () => {};
    }
    let wasOffline = false;
    const listeners = [
        [surroundings, "offline", () => (wasOffline = true)],
        [surroundings, "online", () => (online(wasOffline), (wasOffline = false))],
        // Back from the back-forward cache, where time stood still.
        [surroundings, "pageshow", (event) => event.persisted && visible()],
    ];
    if (page) {
        listeners.push([page, "visibilitychange", () => page.visibilityState === "visible" && visible()]);
        listeners.push([page, "resume", visible]);
    }
    listeners.forEach(([target, type, listener]) => target.addEventListener(type, listener));
    return () => listeners.forEach(([target, type, listener]) => target.removeEventListener(type, listener));
}
