/** A problem with one part of a template, to be listed with the others. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}
