/** The foot of the help where a key may be left out. */
export const keyDefault =
  '\nThe key is a key id, key ARN, alias or alias ARN; without one it is ' +
  'AWS_KMS_KEY_ID.'
