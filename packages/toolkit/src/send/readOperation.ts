import { InvalidRequestError, type Problem } from '@keyward/core'
import { Operation, ReconcilerOperation } from '@keyward/sender'
import {
  adoptFields,
  type FieldNames,
  listFields,
  sendFields,
  speedUpFields,
} from './fieldsOf.js'

type Named<name> = Extract<Operation.Operation, { operation: name }>

const reference = {
  transaction_id: '<transaction>',
  idempotency_key: '<transaction>',
}
const flagsOf = {
  send: inverse(sendFields),
  get: reference,
  cancel: reference,
  speed_up: { ...inverse(speedUpFields), ...reference },
  list: inverse(listFields),
}

/**
 * Reads an event as the sender function does, before anything is asked or sent.
 *
 * @throws InvalidRequestError, which names flags instead of fields
 */
export function readOperation<name extends keyof typeof flagsOf>(
  operation: name,
  fields: Readonly<Record<string, unknown>>,
): Named<name> {
  // The chain id is compared only with `chainid`, which no flag sets. Whether
  // contracts may be created is up to the sender.
  const limits = { chainId: 1, allowCreation: true }
  return withFlags(
    flagsOf[operation],
    () => Operation.fromEvent({ ...fields, operation }, limits) as Named<name>,
  )
}

/** The same for the reconciler's events. @throws InvalidRequestError */
export function assertAdoption(fields: Readonly<Record<string, unknown>>) {
  withFlags(inverse(adoptFields), () =>
    ReconcilerOperation.fromEvent({ ...fields, operation: 'adopt' }),
  )
}

function inverse(names: FieldNames): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).map(([flag, field]) => [field, flag]),
  )
}

function withFlags<result>(
  flags: Readonly<Record<string, string>>,
  read: () => result,
): result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error
    const problems = error.problems.map((each) => inFlags(each, flags))
    throw new InvalidRequestError('command line', problems, problems.length)
  }
}

function inFlags(
  { path, problem }: Problem,
  flags: Readonly<Record<string, string>>,
): Problem {
  return {
    path: flags[path] ?? path,
    // Text inside quotes is user input and stays. Other names are plain words.
    problem: problem.replace(
      /"(?:[^"\\]|\\.)*"|\b[a-z]+(?:_[a-z]+)+\b|(?<=combined with )[a-z]+/g,
      (word) => flags[word] ?? word,
    ),
  }
}
