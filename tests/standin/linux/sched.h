#pragma once

#define HZ	250

extern int cond_resched(void);
