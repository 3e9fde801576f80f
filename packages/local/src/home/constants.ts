/** Of every local home, as ARNs show it. */
export const accountId = '000000000000'
export const region = 'us-east-1'
