import { createHash } from 'node:crypto';
import { escapeHtml } from '../../rest/system/start-page.js';
import { literal } from './base-name.js';

/** The viewer's page and what it may do. */
export interface ViewerPage {
  readonly html: string;
  /** Its Content-Security-Policy. */
  readonly policy: string;
}

/** What the viewer was built for is `/`; its links shall go below another path. @param base with a slash at both ends */
export function viewerPage(built: string, base: string): ViewerPage {
  const html = built
    .replaceAll(/(href|src|content)="\/(?!\/)/g, (_link, attribute: string) => `${attribute}="${escapeHtml(base)}`)
    .replaceAll('window.PUBLIC_URL="/"', () => `window.PUBLIC_URL=${literal(base)}`);
  return { html, policy: policyOf(html) };
}

/**
 * Scripts of this server alone, and nothing sent to others. `eval`: libraries in the viewer make functions from texts
 * of their own.
 */
function policyOf(html: string): string {
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => `'${sha256(script!)}'`);
  return [
    "default-src 'none'",
    `script-src 'self' 'unsafe-eval' ${inline.join(' ')}`,
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self' blob:",
    "connect-src 'self' data: blob:",
    "manifest-src 'self'",
    "frame-src 'self' blob:",
    "object-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
