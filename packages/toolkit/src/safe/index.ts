export {
  assertCreatable,
  type Creation,
  planCreation,
  readCreated,
} from './creation.js'
export { execute } from './execute.js'
export { relay } from './relay.js'
