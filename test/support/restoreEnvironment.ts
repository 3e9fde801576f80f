import { afterAll } from 'vitest'

// Files that share a process share its environment: each leaves it as it was.

const before = { ...process.env }
afterAll(() => {
  for (const name of Object.keys(process.env))
    if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
})
