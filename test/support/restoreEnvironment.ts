import { afterAll } from 'vitest'

// Files that share a process share its environment: each leaves it as it was.

const { env } = process
const before = { ...env }
afterAll(() => {
  // Vitest's own `stubEnv` would no longer undo what it did.
  if (process.env !== env) throw new Error('A test replaced process.env.')
  for (const name of Object.keys(process.env))
    if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
})
