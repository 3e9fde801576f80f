export { finishEarlier } from './finishEarlier.js'
export * as Plan from './Plan.js'
export { readPlan } from './readPlan.js'
export { type Move, type Outcome, runPlan } from './runPlan.js'
