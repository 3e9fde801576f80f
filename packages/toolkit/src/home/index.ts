export { giveFirst } from './addBalance.js'
export { nextStepsText, stayText } from './demo/nextSteps.js'
export {
  openDemoToken,
  softHsmConf,
  softHsmPlaces,
} from './demo/openDemoToken.js'
export { type DemoResult, runFlow } from './demo/runFlow.js'
export { runTokenFlow } from './demo/runTokenFlow.js'
export { fundAccount } from './fundAccount.js'
export { type LogFormat, toLogLine } from './logLine.js'
export { putFaults } from './putFaults.js'
