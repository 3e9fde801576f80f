export {
  type DigestRequest,
  from,
  fromTransaction,
  InvalidDigestError,
} from './DigestRequest.js'
