/** An object of JSON, as requests and answers are. */
export type Json = Record<string, unknown>
