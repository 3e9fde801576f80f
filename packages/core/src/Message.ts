export { getSignPayload, type Message } from './message/getSignPayload.js'
export { sign } from './message/sign.js'
