#pragma once

typedef struct {
	volatile int locked;
} spinlock_t;

#define DEFINE_SPINLOCK(name)	spinlock_t name = { 0 }

extern unsigned long standin_spin_lock_irqsave(spinlock_t *lock);
extern void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);

extern void spin_lock(spinlock_t *lock);
extern void spin_unlock(spinlock_t *lock);

#define preempt_disable()	do { } while (0)
#define preempt_enable()	do { } while (0)
#define spin_lock_irqsave(lock, flags)	\
	((flags) = standin_spin_lock_irqsave(lock))
extern int irqs_disabled(void);
extern void spin_lock_irq(spinlock_t *lock);
extern void spin_unlock_irq(spinlock_t *lock);
