import { findDuplicate, InvalidRequestError } from '@keyward/core'
import {
  type Answer,
  evaluate,
  type Policy,
  readQuestion,
  toAnswer,
} from '@keyward/guard'
import type { Io } from '../Io.js'
import { readLines } from './readLines.js'
import { type PolicyFiles, readPolicy } from './readPolicy.js'
import { type Asked, toQuestion } from './toQuestion.js'

/**
 * Lines are written in batches, because writing a line takes longer than
 * deciding it.
 */
const batch = 64 * 1024

/**
 * Writes one answer for each line of standard input, in the check form that
 * docs/policy.md specifies. An invalid line doesn't stop it.
 *
 * @param write - Settles when the bytes are written, so a slow reader slows it
 * down.
 * @returns The last answer, and whether the run succeeded: a single request was
 * allowed, or all of several were read. Undefined without a line.
 */
export async function checkLines(
  io: Io,
  options: Asked & PolicyFiles,
  write: (text: string) => Promise<void>,
): Promise<{ answer: Answer; isWell: boolean } | undefined> {
  const { policy } = await readPolicy(io, options)
  let last: { answer: Answer; isRead: boolean } | undefined
  let count = 0
  let isAllRead = true
  let waiting = ''
  for await (const line of readLines(io.input)) {
    if (last !== undefined) waiting += `${JSON.stringify(last.answer)}\n`
    if (waiting.length > batch) {
      await write(waiting)
      waiting = ''
    }
    last = answerLine(policy, line, options)
    count++
    isAllRead &&= last.isRead
  }
  if (last === undefined) return undefined
  if (waiting !== '') await write(waiting)
  const { answer } = last
  const isWell = count === 1 ? answer.decision === 'allow' : isAllRead
  return { answer, isWell }
}

function answerLine(
  policy: Policy,
  line: Uint8Array | undefined,
  asked: Asked,
): { answer: Answer; isRead: boolean } {
  try {
    if (line === undefined) throw new TypeError('It is too long.')
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line)
    const value: unknown = JSON.parse(text)
    if (findDuplicate(text))
      throw new TypeError('An object in it has the same member twice.')
    const question = readQuestion(toQuestion(value, asked), Date.now())
    const { request, subject, facts } = question
    return {
      answer: toAnswer(evaluate(policy, request, subject, facts)),
      isRead: true,
    }
  } catch (error) {
    return { answer: refuse(policy, error), isRead: false }
  }
}

function refuse({ mode }: Policy, error: unknown): Answer {
  const problems =
    error instanceof InvalidRequestError
      ? error.problems.map(({ path, problem }) => `${path} ${problem}`.trim())
      : [(error as Error).message]
  return {
    ...{ decision: 'deny', mode, rule: null },
    reasons: problems.map((came) => ({
      ...{ path: 'line', came },
      allowed: 'a question in JSON: {"request","caller","account","facts"}',
    })),
    ...{ reservations: [], actions: [], shadow: [] },
  }
}
