// node --import: a home that is a process of its own writes its calls down.
import { appendFileSync } from 'node:fs'
import { recordCalls } from './recordCalls.mjs'

const path = process.env.KEYWARD_TEST_CALLS
if (path !== undefined)
  recordCalls((call) =>
    appendFileSync(path, `${JSON.stringify(call)}\n`, { mode: 0o600 }),
  )
