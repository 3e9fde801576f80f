/**
 * `identity`: attached to a user or role, so it names no principals.
 * `resource`: attached to a key or function. `trust`: the trust policy of a
 * role; its resource is the role itself.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust'
