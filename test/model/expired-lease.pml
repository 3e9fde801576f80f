/* (f) The holder of the reconciler's lease sleeps past its end and another one
 * works: both write. A holder may die, and at the start the lease may be an
 * enemy's, which lasts for centuries. */
#ifndef WORKERS
#define WORKERS 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#define T 1
#define N 2
#define CHAIN
#define LEASE
#include "ledger.pml"
#include "sender.pml"
#include "reconciler.pml"

init {
  atomic {
    alive = WORKERS + 2;
    if
    :: holder = ENEMY; centuries = true
    :: true
    fi;
    run Chain();
    run Worker(1, 0);
#if WORKERS > 1
    run Worker(1, 1);
#endif
    run Reconciler(1, false, 0);
    run Reconciler(1, false, 1);
    run Reconciler(4, true, 0)
  };
  timeout -> assert(over)
}
