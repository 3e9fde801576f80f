import { evaluate, readQuestion, toAnswer } from '@keyward/guard'
import {
  parseJson,
  readInput,
  reading,
  sourceName,
  usageError,
} from '@keyward/toolkit'
import { decisionText } from '../../output/policy/decisionText.js'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { checkLines } from './checkLines.js'
import { readPolicy } from './readPolicy.js'
import { type Asked, toQuestion } from './toQuestion.js'

export type CheckOptions = Asked & {
  policy: string
  abi: readonly string[]
  request: string | undefined
  json: boolean
}

/** What a policy decides about one request, or about each line. */
export async function checkPolicy(
  terminal: Terminal,
  options: CheckOptions,
): Promise<Result | undefined> {
  const { request: path, json } = options
  if (path === undefined && !json)
    usageError(
      'no request was named. Give --request with a file, or --json and a question a line on standard input.',
    )
  const { policy } = await readPolicy(terminal, options)
  if (path === undefined) return checkLines(terminal, policy, options)
  const { request, subject, facts } = await reading(async () => {
    const bytes = await readInput(terminal, path, '--request')
    const value = parseJson(bytes, sourceName(path, '--request'))
    const question = isRequest(value) ? { request: value } : value
    return readQuestion(toQuestion(question, options), Date.now())
  })
  const decision = evaluate(policy, request, subject, facts)
  return {
    data: toAnswer(decision),
    text: decisionText(
      policy,
      decision,
      styleFor(terminal.stdout, terminal.env),
    ),
    exitCode: decision.decision === 'allow' ? 0 : 1,
  }
}

/** A question has no kind; what it asks about has one. */
const isRequest = (value: unknown) =>
  typeof value === 'object' && value !== null && 'kind' in value
