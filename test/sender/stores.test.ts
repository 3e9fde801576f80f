import { afterAll, beforeAll, describe } from 'vitest'
import { describeStore } from '../support/describeStore.js'
import { openStores, type Stores } from '../support/openStores.js'

let stores: Stores
beforeAll(async () => {
  stores = await openStores()
})
afterAll(() => stores.close())

describe('the store of dynamodb', () => {
  describeStore(() => stores.newDynamo())
})
