/** A JSON object, as in requests and answers. */
export type Json = Record<string, unknown>
