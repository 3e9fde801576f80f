export {
  createSigningWindows,
  createWindows,
  type WindowsOptions,
} from './createWindows.js'
