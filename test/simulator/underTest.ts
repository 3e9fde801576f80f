import type { Product } from './Product.js'
import { senderProduct } from './senderProduct.js'

/** The code under test. */
export const product: Product = senderProduct
