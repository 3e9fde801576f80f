import { AwsError } from './Service.js'

/**
 * The error for an unknown operation, with a helpful text, which AWS does not
 * include.
 *
 * @param service - The name to show to users, for example `KMS`.
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

/**
 * The members that an operation reads, and the values of other members that
 * have no effect.
 */
export type KnownMembers = {
  read: readonly string[]
  harmless?: Readonly<Record<string, readonly unknown[]>>
}

/**
 * Refuses unknown members. If the home dropped them, it would seem to support
 * them.
 *
 * @param type - The error's type, for example `ValidationException`.
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
      `The local home doesn't know the member ${other[0].slice(0, 80)} of ${operation}, or doesn't support its value. Leave the member out.`,
    )
}
