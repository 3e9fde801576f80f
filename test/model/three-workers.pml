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
    run Worker(1);
#if WORKERS > 1
    run Worker(1);
#endif
#if WORKERS > 2
    run Worker(1);
#endif
    run Reconciler(1, false);
    run Reconciler(3, true)
  };
  timeout -> assert(over)
}
