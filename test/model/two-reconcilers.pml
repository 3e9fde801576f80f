/* (b) One request that two processes have, two reconcilers at once, which let
 * it go or end it once; a process that dies; two nonces. */
#ifndef WORKERS
#define WORKERS 1
#endif
#ifndef LETGOS
#define LETGOS 1
#endif
#ifndef CRASHES
#define CRASHES 1
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
    run Reconciler(1, false, 0);
    run Reconciler(1, false, 1);
    run Reconciler(3, true, 0)
  };
  timeout -> assert(over)
}
