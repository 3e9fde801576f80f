export { createWindows, type WindowsOptions } from './createWindows.js'
