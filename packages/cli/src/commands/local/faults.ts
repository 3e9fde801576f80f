import type { Faults } from '@keyward/local'
import { note, pluralize, toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { faultInputs, toFaults } from './faultInputs.js'
import { dataDir, readRunningHome } from './runningHome.js'

export const faultsCommand = define('faults', {
  description: 'show or change the faults of a running home',
  takes: { dataDir, ...faultInputs },
  examples: [
    'keyward local faults',
    'keyward local faults --kms-throttle 10',
    'keyward local faults --kms-throttle 0 --clock-skew 0',
  ],
  async run(terminal, options) {
    const { putFaults } = await import('@keyward/toolkit/home')
    const { home } = await readRunningHome(options.dataDir)
    note(terminal, `local home ${home.endpoint}`)
    const data = await putFaults<Faults>(home, toFaults(options))
    return {
      data,
      text: toColumns([
        ['--kms-latency', `${data.kmsLatencyMs} ms`],
        [
          '--kms-throttle',
          data.kmsThrottle === 0
            ? '0 (off)'
            : `${pluralize(data.kmsThrottle, 'signature')} per second`,
        ],
        ['--kms-error-rate', String(data.kmsErrorRate)],
        ['--clock-skew', `${data.clockSkewS} s`],
      ]),
    }
  },
})
