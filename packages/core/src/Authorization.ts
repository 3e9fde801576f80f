export {
  type Authorization,
  getSignPayload,
} from './authorization/getSignPayload.js'
export { recover } from './authorization/recover.js'
export { sign } from './authorization/sign.js'
