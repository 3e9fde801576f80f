/** For an option that may be given several times. */
export function repeated(value: string, earlier?: string[]): string[] {
  return [...(earlier ?? []), value]
}
