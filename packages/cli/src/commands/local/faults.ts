import { define } from '../../program/define.js'
import { dataDir } from './dataDir.js'
import { faultInputs } from './faultInputs.js'

export const faultsCommand = define('faults', {
  description: 'show or change the faults of a running home',
  takes: { dataDir, ...faultInputs },
  examples: [
    'keyward local faults',
    'keyward local faults --kms-throttle 10',
    'keyward local faults --kms-throttle 0 --clock-skew 0',
  ],
  run: async (terminal, options) =>
    (await import('./changeFaults.js')).changeFaults(terminal, options),
})
