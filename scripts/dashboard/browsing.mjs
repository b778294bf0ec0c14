import { Browser } from '/tmp/h-page-tmp/browser.mjs';
import { Page } from './page.mjs';
export async function openPage() {
  const browser = await Browser.start();
  const page = await Page.on((m, p) => browser.send(m, p), (f) => browser.l.push((m) => f(m.method, m.params)));
  return [page, () => browser.stop()];
}
