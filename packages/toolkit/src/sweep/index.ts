export * as Plan from './Plan.js'
export type { Move } from './runPlan.js'
export { type Swept, sweepAccount, sweptData } from './sweepAccount.js'
