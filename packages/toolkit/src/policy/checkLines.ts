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
 * Answers are written in batches, because writing a line takes longer than
 * making the decision.
 */
const batch = 64 * 1024

/**
 * Writes one answer for each line of standard input, in the check format that
 * docs/policy.md specifies. Continues after an invalid line.
 *
 * @param write - Settles once the bytes are written, so that a slow reader
 * slows down the writing.
 * @returns The last answer, and whether the run succeeded: with one request,
 * whether it was allowed; with several, whether all could be read. Undefined if
 * there was no line.
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
    if (line === undefined) throw new TypeError('The line is too long.')
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line)
    const value: unknown = JSON.parse(text)
    if (findDuplicate(text))
      throw new TypeError('An object in the line has the same member twice.')
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
      allowed:
        'JSON: {"request","caller","account","facts"}, or only the request',
    })),
    ...{ reservations: [], actions: [], shadow: [] },
  }
}
