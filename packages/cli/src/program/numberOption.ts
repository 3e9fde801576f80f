import { InvalidArgumentError, Option } from 'commander'

/** An option that takes a number; the help shows what is allowed. */
export function numberOption(
  flags: string,
  description: string,
  range: { min: number; max: number; integer: boolean },
): Option {
  const allowed = `${range.integer ? 'a whole number' : 'a number'} from ${range.min} to ${range.max}`
  return new Option(flags, description).argParser((text: string) => {
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    const ok =
      value >= range.min &&
      value <= range.max &&
      (!range.integer || Number.isInteger(value))
    if (!ok) throw new InvalidArgumentError(`Give ${allowed}.`)
    return value
  })
}
