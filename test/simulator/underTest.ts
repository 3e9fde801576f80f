import type { Product } from './Product.js'
import { toyProduct } from './toyProduct.js'

/**
 * The code under test. The toy stands in until the sender has the seams that
 * Parts names; README.md says what goes here then.
 */
export const product: Product = toyProduct('careful')
