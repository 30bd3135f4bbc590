export { encodeElement, elementHeader, inOrder } from './encode-element.js';
export { fileMetaBytes } from './file-meta-bytes.js';
export { encodeNewElement, type NewElement } from './new-element.js';
export { isGroupLength, rewriteElement, type Rewriting } from './rewrite-data-set.js';
