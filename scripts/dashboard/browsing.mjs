// A browser with one page in it, for the tests of the dashboard.

import { Browser, installed } from '../client/browser.mjs';
import { Page } from './page.mjs';

/** What is missing on this machine, or false. */
export const missing = installed() === null ? 'there is no Chromium' : false;

/** The page, and what ends its browser. */
export async function openPage() {
    const browser = await Browser.launch();
    const tab = await browser.open('about:blank');
    const listeners = [];
    const told = tab.told.bind(tab);
    tab.told = (method, params) => {
        told(method, params);
        listeners.forEach((listener) => listener(method, params));
    };
    const page = await Page.on((method, params) => tab.send(method, params), (listener) => listeners.push(listener));
    return [page, () => browser.close()];
}
