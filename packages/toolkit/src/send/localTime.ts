/**
 * A time in the machine's time zone: `17:27` for today, `2026-11-28 17:27` for
 * earlier days.
 *
 * @param iso - The time as the sender returns it.
 */
export function localTime(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = (date: Date) =>
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  return day(at) === day(now) ? time : `${day(at)} ${time}`
}
