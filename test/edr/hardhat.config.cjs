module.exports = {
  networks: { hardhat: { chainId: 31337, mining: { auto: true } } },
}
