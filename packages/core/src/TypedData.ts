export {
  getSignPayload,
  InvalidTypedDataError,
  type TypedData,
} from './typedData/getSignPayload.js'
export { sign } from './typedData/sign.js'
