/** What is wrong with a part of a template. It becomes one of its problems. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}
