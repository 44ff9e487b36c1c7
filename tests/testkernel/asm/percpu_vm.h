/* The real one: this is i386. */
#include "../../../include/asm-i386/percpu_vm.h"
