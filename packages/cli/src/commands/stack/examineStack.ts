import { examine } from '@keyward/toolkit/doctor'
import { withStack } from '@keyward/toolkit/stack'
import { checksResult } from '../../output/checksResult.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** Looks at all that sending needs, and says what to do. */
export function examineStack(
  terminal: Terminal,
  options: {
    stack: string | undefined
    caller: string | undefined
    urls: readonly string[] | undefined
  },
): Promise<Result> {
  return withStack(terminal, options, async (connection, stack) => {
    const checks = await examine(connection, stack, options)
    return checksResult(terminal, stack, checks, `${stack} can send.`)
  })
}
