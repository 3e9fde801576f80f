import { InputError } from '@keyward/core/errors'
import { Argument, InvalidArgumentError, Option } from 'commander'
import type { Terminal } from '../terminal/Terminal.js'

/** A flag or argument of a command, and its value. */
export type Input<value> = {
  declared: Option | Argument
  /**
   * @param typed - The value as commander passes it; undefined if nothing was
   * typed.
   * @throws an error that names the flag
   */
  read(typed: unknown, terminal: Terminal): value | Promise<value>
}

export type Inputs = Readonly<Record<string, Input<unknown>>>

/** The values of a command's inputs, under the names of the inputs. */
export type Values<inputs extends Inputs> = {
  [name in keyof inputs]: inputs[name] extends Input<infer value>
    ? value
    : never
}

/** @param name - Name of the flag or argument in errors. */
export type Parse<value> = (
  text: string,
  name: string,
) => value | Promise<value>

/** A flag or argument that takes text. */
export function text(syntax: string, description: string): Input<Given<string>>
export function text<value>(
  syntax: string,
  description: string,
  parse: Parse<value>,
): Input<Given<value>>
export function text(
  syntax: string,
  description: string,
  parse: Parse<unknown> = (typed) => typed,
): Input<unknown> {
  const declared = declare(syntax, description)
  return {
    declared,
    read: (typed) =>
      typed === undefined ? undefined : parse(String(typed), nameOf(declared)),
  }
}

/** A flag that can be repeated, or that takes several texts (`...`). */
export function list(syntax: string, description: string): Input<string[]>
export function list<value>(
  syntax: string,
  description: string,
  parse: Parse<value>,
): Input<value[]>
export function list(
  syntax: string,
  description: string,
  parse: Parse<unknown> = (typed) => typed,
): Input<unknown[]> {
  const declared = new Option(syntax, description)
  if (!declared.variadic)
    declared.argParser((typed: string, earlier?: string[]) => [
      ...(earlier ?? []),
      typed,
    ])
  return {
    declared,
    read: (typed) =>
      Promise.all(
        ((typed ?? []) as string[]).map(async (each) =>
          parse(each, nameOf(declared)),
        ),
      ),
  }
}

/** A flag without a value. `--no-…` is true unless given. */
export function toggle(syntax: string, description: string): Input<boolean> {
  const declared = new Option(syntax, description)
  return { declared, read: (typed) => typed === true }
}

/** A flag that takes one of a few values. */
export function choice<const value extends string>(
  syntax: string,
  description: string,
  values: readonly value[],
): Input<Given<value>> {
  const declared = new Option(syntax, description).choices(values)
  return { declared, read: (typed) => typed as Given<value> }
}

/** A flag with a whole number. The help shows which numbers are allowed. */
export function number(
  syntax: string,
  description: string,
  {
    min,
    max,
    fraction = false,
  }: { min: number; max: number; fraction?: boolean },
): Input<Given<number>> {
  const allowed = `${fraction ? 'a number' : 'a whole number'} from ${min} to ${max}`
  const declared = new Option(syntax, description).argParser((typed) => {
    const value = /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN
    if (value >= min && value <= max && (fraction || Number.isInteger(value)))
      return value
    throw new InvalidArgumentError(`Pass ${allowed}.`)
  })
  return { declared, read: (typed) => typed as Given<number> }
}

/**
 * A flag that was renamed and must not be silently ignored.
 *
 * @param now - The replacement, for example `--max-fee-per-gas 2gwei`.
 */
export function retired(syntax: string, now: string): Input<undefined> {
  const declared = new Option(syntax).hideHelp()
  return {
    declared,
    read(typed) {
      if (typed === undefined) return undefined
      throw new InputError(`${declared.long} was renamed.`, {
        details: `Pass ${now}.`,
      })
    },
  }
}

/** An input that is required. */
export function required<value>(input: Input<value>): Input<There<value>> {
  if (input.declared instanceof Option) input.declared.makeOptionMandatory()
  return input as Input<There<value>>
}

/** An input with a default. */
export function defaulting<value>(
  input: Input<value>,
  value: There<value>,
): Input<There<value>> {
  input.declared.default(value)
  return input as Input<There<value>>
}

type Given<value> = value | undefined
type There<value> = Exclude<value, undefined>

function declare(syntax: string, description: string): Option | Argument {
  return syntax.startsWith('-')
    ? new Option(syntax, description)
    : new Argument(syntax, description)
}

function nameOf(declared: Option | Argument): string {
  return declared instanceof Option
    ? (declared.long ?? declared.flags)
    : `<${declared.name()}>`
}
