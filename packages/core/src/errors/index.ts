// Loads nothing else of core: a program that only prints errors starts at once.
export { BaseError } from './BaseError.js'
export { escapeInvisible } from './escapeInvisible.js'
export { InputError } from './InputError.js'
export { isDescribed } from './isDescribed.js'
export { maskHex, maskSecrets, mayBeSecret, quote } from './maskSecrets.js'
