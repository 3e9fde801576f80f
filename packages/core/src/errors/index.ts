// Loads nothing else from core, so programs that only print errors start fast.
export { BaseError } from './BaseError.js'
export { escapeInvisible } from './escapeInvisible.js'
export { InputError } from './InputError.js'
export { isDescribed } from './isDescribed.js'
export { maskHex, maskSecrets, mayBeSecret, quote } from './maskSecrets.js'
