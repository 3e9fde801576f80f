import { AwsError } from './Service.js'

/**
 * What AWS answers without a word, with one that helps.
 *
 * @param service - For people, for example `KMS`.
 */
export function unknownOperation(
  service: string,
  name: string,
  known: Iterable<string>,
): AwsError {
  const asked = /^\w{1,64}$/.test(name) ? ` ${name}` : ''
  return new AwsError(
    'UnknownOperationException',
    `The local home has no operation${asked} of ${service}. It has: ${[...known].sort().join(', ')}.`,
  )
}

/** Members that an operation reads; of others, what asks for nothing. */
export type KnownMembers = {
  read: readonly string[]
  harmless?: Readonly<Record<string, readonly unknown[]>>
}

/**
 * A home that dropped what it does not know would promise what it does not do.
 *
 * @param type - Of the error, for example `ValidationException`.
 * @throws AwsError
 */
export function assertMembers(
  type: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  { read, harmless = {} }: KnownMembers,
): void {
  const isHarmless = (name: string, value: unknown) =>
    value === null ||
    (Object.hasOwn(harmless, name) &&
      harmless[name]?.some(
        (each) => JSON.stringify(each) === JSON.stringify(value),
      ))
  const other = Object.entries(input).find(
    ([name, value]) => !read.includes(name) && !isHarmless(name, value),
  )
  if (other !== undefined)
    throw new AwsError(
      type,
      `The local home does not know the member ${other[0].slice(0, 80)} of ${operation}, or this value of it. Leave it out.`,
    )
}
