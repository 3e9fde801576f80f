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
    run Worker(1);
#if WORKERS > 1
    run Worker(1);
#endif
    run Reconciler(1, false);
    run Reconciler(1, false);
    run Reconciler(3, true)
  };
  timeout -> assert(over)
}
