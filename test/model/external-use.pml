/* (e) Another wallet of the key uses a nonce, and a reorg may give it back; or
 * what is mined there are bytes of ours that the ledger does not have. */
#ifndef WORKERS
#define WORKERS 1
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif
#ifndef FOREIGNS
#define FOREIGNS 1
#endif
#ifndef REORGS
#define REORGS 1
#endif
#define T 1
#define N 2
#define CHAIN
#include "ledger.pml"
#include "sender.pml"
#include "reconciler.pml"

init {
  atomic {
    alive = WORKERS + 1;
    run Chain();
    run Worker(1, 0);
#if WORKERS > 1
    run Worker(1, 1);
#endif
    run Reconciler(ROUNDS, false, 0);
    run Reconciler(4, true, 0)
  };
  timeout -> assert(over)
}
