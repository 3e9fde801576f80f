export {
  createSendingWindows,
  createSigningWindows,
  createWindows,
  type WindowsOptions,
} from './createWindows.js'
