// Playwright's own HAR export, once for each way in which it writes one.
//   node playwright.mjs CHROMIUM PAGE FOLDER
import path from "node:path";

import { chromium } from "playwright-core";

const [executablePath, page, folder] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"],
});
const ways = [
  { path: "playwright.har", content: "embed" },
  { path: "playwright-attach/playwright.har", content: "attach" },
  { path: "playwright.har.zip" },
  { path: "playwright-minimal.har", content: "embed", mode: "minimal" },
];
for (const way of ways) {
  const context = await browser.newContext({
    recordHar: { ...way, path: path.join(folder, way.path) },
  });
  const tab = await context.newPage();
  await tab.goto(page);
  await tab.waitForFunction(() => document.title === "done" || document.title.startsWith("failed"));
  const title = await tab.title();
  if (title !== "done") throw new Error(title);
  await context.close();
}
await browser.close();
