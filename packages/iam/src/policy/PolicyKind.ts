/**
 * `identity`: attached to a user or role, so it names no principals.
 * `resource`: attached to a key or function. `trust`: of a role, whose
 * resource is the role itself.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust'
