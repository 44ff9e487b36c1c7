#ifndef _STANDIN_LINUX_SCHED_H
#define _STANDIN_LINUX_SCHED_H

#define HZ	250

extern int cond_resched(void);

#endif
