import {
  type Decision,
  evaluate,
  type Policy,
  readQuestion,
} from '@keyward/guard'
import type { Io } from '../Io.js'
import { readJson } from '../readInput.js'
import { reading } from '../reading.js'
import { type PolicyFiles, readPolicy } from './readPolicy.js'
import { type Asked, toQuestion } from './toQuestion.js'

/** A policy's decision on one request. */
export async function checkRequest(
  io: Io,
  options: Asked & PolicyFiles & { request: string },
): Promise<{ policy: Policy; decision: Decision }> {
  const { policy } = await readPolicy(io, options)
  const { request, subject, facts } = await reading(async () => {
    const value = await readJson(io, options.request, '--request')
    return readQuestion(toQuestion(value, options), Date.now())
  })
  return { policy, decision: evaluate(policy, request, subject, facts) }
}
