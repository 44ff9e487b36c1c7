#pragma once

#include <stdarg.h>
#include <linux/types.h>
#include <linux/bitops.h>

#define KERN_ERR	"<3>"
#define KERN_WARNING	"<4>"
#define KERN_INFO	"<6>"

#define ALIGN(x, a)	(((x) + (a) - 1) & ~((a) - 1))
#define ARRAY_SIZE(x)	(sizeof(x) / sizeof((x)[0]))
#define BUILD_BUG_ON(c)	((void)sizeof(char[1 - 2 * !!(c)]))
#define max(x, y) ({ __typeof__(x) _x = (x); __typeof__(y) _y = (y);	\
		     (void)(&_x == &_y); _x > _y ? _x : _y; })
#define min(x, y) ({ __typeof__(x) _x = (x); __typeof__(y) _y = (y);	\
		     (void)(&_x == &_y); _x < _y ? _x : _y; })
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define max_t(type, x, y) \
	({ type _x = (x), _y = (y); _x > _y ? _x : _y; })

extern int printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
extern void panic(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
extern void dump_stack(void);
extern int printk_ratelimit(void);
extern void might_sleep(void);
extern int snprintf(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
extern int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
