/* (a) One request that three processes have at once, one round of the
 * reconciler, which lets it go or ends it once; two nonces. */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef LETGOS
#define LETGOS 1
#endif
#define T 1
#define N 2
#include "ledger.pml"
#include "sender.pml"
#include "reconciler.pml"

init {
  atomic {
    alive = WORKERS + 1;
    run Worker(1, 0);
#if WORKERS > 1
    run Worker(1, 1);
#endif
#if WORKERS > 2
    run Worker(1, 2);
#endif
    run Reconciler(1, false, 0);
    run Reconciler(3, true, 0)
  };
  timeout -> assert(over)
}
