import { describe } from 'vitest'
import { describeStore } from '../../../../../test/support/describeStore.js'
import { createStore } from './createStore.js'

describe('the store in memory', () => {
  describeStore(() => createStore('ledger'))
})
