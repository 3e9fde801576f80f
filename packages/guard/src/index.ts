export type { Policy } from './policy/Policy.js'
