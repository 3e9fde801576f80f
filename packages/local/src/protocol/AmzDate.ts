/** `yyyymmddThhmmssZ` of a time in milliseconds since 1970. */
export function fromMs(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/**
 * Milliseconds since 1970, or undefined if the text is not a date in that form.
 */
export function toMs(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second] = match
  const ms = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`,
  )
  // Date.parse accepts 24:00:00 and, in some engines, 31 June.
  return Number.isNaN(ms) || fromMs(ms) !== text ? undefined : ms
}
