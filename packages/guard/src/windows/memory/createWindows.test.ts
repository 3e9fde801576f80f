import { systemRuntime } from '@keyward/core/rpc'
import { describe } from 'vitest'
import { describeWindows } from '../../../../../test/support/windows/describeWindows.js'
import { createWindows as onStore } from '../createWindows.js'
import { createStore } from './createStore.js'

describe('windows in memory', () => {
  let now = 0
  const store = createStore(() => now)
  const runtime = { ...systemRuntime, now: () => now }
  describeWindows({
    newWindows: () => onStore(store, runtime),
    setTime(ms) {
      now = ms
    },
    openStore: () => store,
  })
})
