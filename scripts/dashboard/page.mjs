// The dashboard in a real browser: what tests do with it, and the complaints the browser makes meanwhile.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { project } from '../lab/lab.mjs';

const images = path.join(project, 'docs', 'images');
const PATIENCE = 15_000;
const KEYS = {
    Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 },
    Enter: { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
    Escape: { key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 27 },
    ArrowLeft: { key: 'ArrowLeft', code: 'ArrowLeft', windowsVirtualKeyCode: 37 },
    ArrowRight: { key: 'ArrowRight', code: 'ArrowRight', windowsVirtualKeyCode: 39 },
    Home: { key: 'Home', code: 'Home', windowsVirtualKeyCode: 36 },
    End: { key: 'End', code: 'End', windowsVirtualKeyCode: 35 },
};
const COMPLAINTS = new Set(['Runtime.exceptionThrown', 'Log.entryAdded', 'Audits.issueAdded']);

/** One tab. send speaks the browser's own protocol; listen hears its events. */
export class Page {
    constructor(send, listen) {
        this.send = send;
        this.complaints = [];
        listen((method, params) => this.hear(method, params));
    }

    static async on(send, listen) {
        const page = new Page(send, listen);
        for (const domain of ['Page', 'Runtime', 'Log', 'Audits']) {
            await send(`${domain}.enable`);
        }
        await send('Emulation.setFocusEmulationEnabled', { enabled: true });
        await page.wide(1280, 860);
        await page.prefer('light');
        return page;
    }

    hear(method, params) {
        const said = params.type === 'error' || params.type === 'warning';
        if (COMPLAINTS.has(method) || (method === 'Runtime.consoleAPICalled' && said)) {
            this.complaints.push(JSON.stringify(params).slice(0, 500));
        }
    }

    /** What the browser complained of, but for requests that failed: a killed node makes some, and so does a 401. */
    grave() {
        return this.complaints.filter((text) => !text.includes('"source":"network"'));
    }

    wide(width, height, deviceScaleFactor = 1) {
        return this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor, mobile: false });
    }

    prefer(scheme, motion = 'no-preference') {
        const features = [
            { name: 'prefers-color-scheme', value: scheme },
            { name: 'prefers-reduced-motion', value: motion },
        ];
        return this.send('Emulation.setEmulatedMedia', { features });
    }

    async open(url) {
        await this.send('Page.navigate', { url: 'about:blank' });
        await this.send('Page.navigate', { url });
        await this.until('the page is there', () => document.readyState === 'complete');
    }

    /** Runs a function in the page, with arguments that JSON can carry. */
    async run(work, ...args) {
        const expression = `(${work})(...${JSON.stringify(args)})`;
        const answer = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
        if (answer.exceptionDetails) {
            throw new Error(`${answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text}\nin ${work}`);
        }
        return answer.result.value;
    }

    /** Waits for a fact in the page. */
    async until(fact, holds, ...args) {
        const deadline = Date.now() + PATIENCE;
        for (;;) {
            const value = await this.run(holds, ...args).catch(() => false);
            if (value) {
                return value;
            }
            if (Date.now() > deadline) {
                const seen = await this.run(() => document.body.innerText.slice(0, 1_500));
                throw new Error(`never: ${fact}\nthe page says:\n${seen}\n${this.complaints.join('\n')}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 60));
        }
    }

    async press(name, modifiers = 0) {
        await this.send('Input.dispatchKeyEvent', { type: 'keyDown', modifiers, ...KEYS[name] });
        await this.send('Input.dispatchKeyEvent', { type: 'keyUp', modifiers, ...KEYS[name] });
    }

    type(text) {
        return this.send('Input.insertText', { text });
    }

    click(selector) {
        return this.run((s) => document.querySelector(s).click(), selector);
    }

    /** The button of the view that is open, by what is written on it. */
    push(label) {
        return this.until(`a button ${label}`, (wanted) => {
            const buttons = [...document.querySelectorAll('[role=tabpanel]:not([hidden]) button')];
            const button = buttons.find((one) => one.textContent === wanted && one.offsetParent !== null);
            button?.click();
            return Boolean(button);
        }, label);
    }

    show(view) {
        return this.click(`#tab-${view}`);
    }

    /** Fills the field with this label in the view that is open, as somebody who types or chooses. */
    fill(label, value) {
        return this.run((wanted, text) => {
            const labels = [...document.querySelectorAll('[role=tabpanel]:not([hidden]) label')];
            const field = labels.find((one) => one.textContent.startsWith(wanted)).control;
            field.value = text;
            field.dispatchEvent(new Event('input', { bubbles: true }));
            field.dispatchEvent(new Event('change', { bubbles: true }));
        }, label, value);
    }

    /** The rows of the table in the view that is open, each by the headings of its cells. */
    rows() {
        return this.run(() =>
            [...document.querySelectorAll('[role=tabpanel]:not([hidden]) tbody tr')].map((row) =>
                Object.fromEntries([...row.cells].map((cell) => [cell.dataset.label, cell.textContent])),
            ),
        );
    }

    /** A picture for the docs, where the run was asked for them. */
    async picture(name) {
        if (process.env.DASHBOARD_PICTURES) {
            const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
            mkdirSync(images, { recursive: true });
            writeFileSync(path.join(images, `${name}.png`), Buffer.from(data, 'base64'));
        }
    }
}
