/** A problem with one part of a template, to be listed with the others. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

/**
 * Adds the place of a problem. The place becomes the subject of a sentence that
 * begins with `It`.
 */
export function locate(place: string, problem: string): string {
  return problem.startsWith('It ')
    ? `${place} ${problem.slice(3)}`
    : `${place}: ${problem}`
}
