/* Spinlocks and a mutex. */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include "kernel.h"

unsigned long standin_spin_lock_irqsave(spinlock_t *spinlock)
{
	unsigned long flags;

	__asm__ volatile("pushfl; popl %0; cli" : "=r" (flags) : : "memory");
	while (__sync_lock_test_and_set(&spinlock->locked, 1))
		cpu_relax();
	return flags;
}

void spin_unlock_irqrestore(spinlock_t *spinlock, unsigned long flags)
{
	__sync_lock_release(&spinlock->locked);
	__asm__ volatile("pushl %0; popfl" : : "r" (flags) : "memory", "cc");
}

/* No interrupt takes one of these. */
void spin_lock(spinlock_t *spinlock)
{
	while (__sync_lock_test_and_set(&spinlock->locked, 1))
		cpu_relax();
}

void spin_unlock(spinlock_t *spinlock)
{
	__sync_lock_release(&spinlock->locked);
}

int irqs_disabled(void)
{
	unsigned long flags;

	__asm__ volatile("pushfl; popl %0" : "=r" (flags) : : "memory");
	return !(flags & 0x200);
}

void might_sleep(void)
{
	if (irqs_disabled())
		panic("sleeping with interrupts off");
}

/* There is nobody else on a CPU. */
int cond_resched(void)
{
	return 0;
}

int printk_ratelimit(void)
{
	return 1;
}

void spin_lock_irq(spinlock_t *spinlock)
{
	if (!(standin_spin_lock_irqsave(spinlock) & 0x200))
		panic("spin_lock_irq() with interrupts off");
}

void spin_unlock_irq(spinlock_t *spinlock)
{
	spin_unlock_irqrestore(spinlock, 0x202);
}

/*
 * Waiters sleep, with interrupts on as the holder may be flushing their TLB;
 * an unlock wakes one.  A spinning CPU would keep the holder from running:
 * there are more of them than the host has.
 */
static volatile u32 waiters;

void mutex_lock(struct mutex *mutex)
{
	u32 me = 1u << smp_processor_id();

	while (__sync_lock_test_and_set(&mutex->locked, 1)) {
		__sync_fetch_and_or(&waiters, me);
		sleep_while(&mutex->locked);
		__sync_fetch_and_and(&waiters, ~me);
	}
}

void mutex_unlock(struct mutex *mutex)
{
	u32 waiting;

	__sync_lock_release(&mutex->locked);
	__sync_synchronize();
	waiting = waiters;
	if (waiting)
		wake(__builtin_ctz(waiting));
}
