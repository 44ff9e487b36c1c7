#pragma once

struct work_struct {
	void (*func)(void *data);
	void *data;
	volatile int pending;
};

/* As 2.6.17 has it: the function takes the data. */
#define DECLARE_WORK(name, func, data) \
	struct work_struct name = { func, data, 0 }

extern int keventd_up(void);
extern int schedule_work(struct work_struct *work);
extern int schedule_delayed_work(struct work_struct *work, unsigned long delay);
