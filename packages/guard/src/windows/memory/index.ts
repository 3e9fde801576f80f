export { createWindows } from './createWindows.js'
