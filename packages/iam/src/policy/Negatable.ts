/** An element, or its opposite such as NotAction. */
export type Negatable<T> = { isNot: boolean; value: T }
