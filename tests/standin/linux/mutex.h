#pragma once

struct mutex {
	volatile int locked;
};

#define DEFINE_MUTEX(name)	struct mutex name = { 0 }

extern void mutex_lock(struct mutex *lock);
extern void mutex_unlock(struct mutex *lock);
