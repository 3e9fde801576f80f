/** The constraints of the AWS model, as data. */
export type Member = StringMember | BlobMember | IntegerMember | Simple | Nested

type StringMember = {
  type: 'string'
  required?: true
  min?: number
  max?: number
  /**
   * The pattern, which must match the whole value. The error quotes it
   * literally.
   */
  pattern?: string
  values?: readonly string[]
  /**
   * The list that the error shows, if AWS's recorded list differs from
   * `values`.
   */
  shown?: readonly string[]
}
type BlobMember = { type: 'blob'; required?: true; min: number; max: number }
type IntegerMember = {
  type: 'integer'
  required?: true
  min: number
  max: number
}
type Simple = { type: 'boolean' | 'timestamp' | 'map'; required?: true }
type Nested =
  | { type: 'list'; required?: true; max?: number; member: Member }
  | { type: 'structure'; required?: true; members: Members }

export type Members = Readonly<Record<string, Member>>

/**
 * The type that a member has in an action: blobs are bytes, timestamps are in
 * ms.
 */
export type Value<M> = M extends { type: 'string' }
  ? string
  : M extends { type: 'blob' }
    ? Buffer
    : M extends { type: 'integer' | 'timestamp' }
      ? number
      : M extends { type: 'boolean' }
        ? boolean
        : M extends { type: 'list'; member: infer Item }
          ? Value<Item>[]
          : M extends { type: 'structure'; members: infer Fields }
            ? Input<Fields>
            : Record<string, unknown>

export type Input<M> = {
  -readonly [K in keyof M as M[K] extends { required: true }
    ? K
    : never]: Value<M[K]>
} & {
  -readonly [K in keyof M as M[K] extends { required: true }
    ? never
    : K]?: Value<M[K]>
}
