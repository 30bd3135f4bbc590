import type { Browser, Page } from 'playwright-core';
import { likeness, type Thumbnail, thumbnail } from './likeness.js';

const PATIENCE_MS = 60_000;
/** Of pictures drawn by others from the same pixels. */
const ALIKE = 0.97;

/** What is used of a canvas of a page (HTMLCanvasElement). */
interface Canvas {
  toDataURL(type: string): string;
}

/** A window of a browser with the viewer in it. */
export class ViewerWindow {
  /** What went wrong: errors of the page, requests that failed. */
  readonly problems: string[] = [];

  private constructor(readonly page: Page) {
    const note = (problem: string): void => void this.problems.push(problem);
    page.on('console', (message) => {
      if (message.type() === 'error') note(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => note(`error: ${error.message}`));
    page.on('requestfailed', (request) => note(`${request.failure()?.errorText}: ${request.url()}`));
    page.on('request', (request) => {
      if (page.url().startsWith('https:') && request.url().startsWith('http:')) note(`in clear: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) note(`${response.status()}: ${response.url()}`);
    });
  }

  /** Opens an address, as a user who was never there. */
  static async open(browser: Browser, url: string): Promise<ViewerWindow> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ignoreHTTPSErrors: true });
    const window = new ViewerWindow(await context.newPage());
    await window.page.goto(url);
    return window;
  }

  /** Closes what lies over the picture at first: a tour, and a banner about use in research. */
  async clear(): Promise<void> {
    for (const text of ['Skip all', 'Confirm and hide']) {
      await this.page.getByText(text, { exact: true }).click({ timeout: PATIENCE_MS });
    }
    await this.canvas.waitFor();
  }

  /**
   * Waits until the viewport shows one of these pictures, which is another one than `previous`.
   * @returns its place in the list
   */
  async shown(pictures: readonly Thumbnail[], aspect: number, previous?: number): Promise<number> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = await thumbnail(await this.picture(), aspect);
      const degrees = pictures.map((picture) => likeness(seen, picture));
      const best = degrees.indexOf(Math.max(...degrees));
      if (degrees[best]! >= ALIKE && best !== previous) return best;
      if (Date.now() > end)
        throw new Error(`The viewport shows something else: ${degrees.map((d) => d.toFixed(3)).join(' ')}`);
      await this.page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
    }
  }

  /** Turns the mouse's wheel over the picture. */
  async scroll(lines: number): Promise<void> {
    await this.canvas.hover();
    await this.page.mouse.wheel(0, lines * 100);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** What the viewport draws, without what is written over it. */
  private async picture(): Promise<Buffer> {
    const url = await this.canvas.evaluate((canvas) => (canvas as unknown as Canvas).toDataURL('image/png'));
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  }

  private get canvas(): ReturnType<Page['locator']> {
    return this.page.locator('canvas.cornerstone-canvas').first();
  }
}
