/* (g) One request, its cancel before anything is signed, and one round of the
 * reconciler; two nonces. */
#ifndef WORKERS
#define WORKERS 1
#endif
#define T 1
#define N 2
#include "ledger.pml"
#include "sender.pml"
#include "reconciler.pml"

init {
  atomic {
    alive = WORKERS + 2;
    run Worker(1, 0);
#if WORKERS > 1
    run Worker(1, 1);
#endif
    run Cancel(1);
    run Reconciler(1, false, 0);
    run Reconciler(3, true, 0)
  };
  timeout -> assert(over)
}
